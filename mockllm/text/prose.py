"""The building blocks of seeded prose: sentences with slots, and the words that fill them.

`{topic}` is what the prompt asks about, `{key}` one of its key words; the other slots name lists below. A
topic never stands where its number would decide the verb, so that "cats" and "the weather" both read well.
"""

OPENINGS = (
    "There is more to say about {topic} than fits in a single answer, so this one keeps to {scope}.",
    "The short answer about {topic} is that {aspect} matters more than most people expect.",
    "When people ask about {topic}, they usually want to know about {aspect}; that is a good place to begin.",
    "Few subjects reward {virtue} as quickly as this one, and {topic} is best taken one step at a time.",
    "Any honest account of {topic} has to begin with {aspect}.",
    "To make sense of {topic}, it helps to set {aspect} apart from {aspect2}.",
    "The first thing to know about {topic} is that {observers} still disagree about {aspect}.",
    "Here is a way to think about {topic} that starts from {aspect} and works outward.",
    "A good way into {topic} is to ask what would be missing without it.",
    "Most questions about {topic} turn out to be questions about {aspect}.",
)

CLAIMS = (
    "The heart of the matter is {aspect}, which shapes nearly everything that follows.",
    "What looks like a detail of {key} often decides {aspect}.",
    "{Observers} tend to describe this as a question of {aspect}, but {aspect2} is just as important.",
    "It is tempting to treat {key} as settled, yet {aspect} keeps changing.",
    "Much depends on {aspect}, and rather less on {aspect2}.",
    "The role of {key} is easy to overlook because it works so quietly.",
    "Two forces pull in opposite directions here: {aspect} and {aspect2}.",
    "In practice, {aspect} comes first and everything else has to fit around it.",
    "The word “{key}” covers several different things, and mixing them up causes most of the confusion.",
    "Behind {key} there is a simple idea: small {causes} add up to large {effects}.",
    "Without some care for {aspect}, even the best {plans} come to little.",
    "Nothing about {key} makes sense until {aspect} is on the table.",
)

REASONS = (
    "This is because {aspect} cannot be separated from {aspect2}.",
    "The reason is plain enough: {causes} are cheap to make and {effects} are hard to undo.",
    "That follows from the way {aspect} limits what is possible.",
    "One cause is {aspect}; another, less obvious, is {aspect2}.",
    "It happens because {observers} see {effects} long before they see {causes}.",
    "Part of the explanation lies in {aspect}, and part in plain habit.",
    "The evidence for this comes from {source}, and it has held up well.",
    "Once {aspect} is understood, the rest is less surprising.",
    "If {aspect} were different, we would be telling another story about {topic}.",
)

EXAMPLES = (
    "Think of {scene}: the same pattern appears there on a smaller scale.",
    "For example, {source} showed how quickly {aspect} can shift.",
    "A familiar case is {scene}, where nobody plans the result and yet it comes out much the same.",
    "Picture {scene}. What matters is not the first step but the {ordinal} one.",
    "In one well-known case, a change of {percent} percent in {aspect} was enough to turn {effects} around.",
    "Imagine explaining {key} to somebody who has only ever seen {scene}.",
    "Consider how {observers} would handle it: they would look at {aspect} first and only then at {key}.",
    "Somebody standing in {scene} would notice {key} at once.",
    "Over {span}, {source} recorded {number} cases, and {aspect} played a part in most of them.",
)

CONTRASTS = (
    "On the other hand, {aspect} has its price.",
    "Not everyone agrees; some {observers} put more weight on {aspect2}.",
    "Still, it would be wrong to blame {key} alone.",
    "That said, there are limits: {aspect} helps only as long as {aspect2} keeps pace.",
    "The opposite view deserves a hearing too, especially where {aspect} is concerned.",
    "None of this means that {aspect} is everything.",
    "It is fair to object that {source} may not tell the whole story.",
    "A sceptic would say that {effects} have other causes, and now and then the sceptic is right.",
    "Even so, what holds for {key} today may look different after {span}.",
)

ADVICE = (
    "A sensible first step is to write down what you already know about {key}.",
    "When in doubt, begin with {aspect} and leave {aspect2} for later.",
    "It pays to compare {source} with your own experience.",
    "Keep the goal in view: {virtue} counts for more than speed.",
    "Ask what would change your mind about {topic}, and look for exactly that.",
    "Small, regular attempts usually beat one grand effort.",
    "Look at {aspect} twice before you decide.",
    "If you can explain {key} in two sentences, you have understood most of it.",
)

CLOSINGS = (
    "In the end, {topic} comes down to {aspect} and the {virtue} to take it seriously.",
    "That is the core of it; the rest is detail that grows clearer with {virtue}.",
    "So the best answer about {topic} may be a better question about {aspect}.",
    "Taken together, these points give a fair picture of {topic}.",
    "Whatever comes next, {aspect} will be part of the story.",
    "Seen in that light, {topic} is less of a puzzle than it first appears.",
)

ITEMS = (
    "**{Aspect}**: decides how far {key} can go.",
    "**{Aspect}**: easy to measure, easy to misread.",
    "**{Aspect}**: the part that {observers} argue about most.",
    "**{Aspect}**: slow to change, and worth the wait.",
    "**{Aspect}**: often mistaken for {aspect2}.",
    "**{Aspect}**: where {virtue} pays off first.",
    "**{Aspect}**: best learned from {source}.",
    "**{Aspect}**: invisible until it goes wrong.",
)

LIST_LEADS = (
    "A few things are worth keeping apart:",
    "Here is what to look at, in order of weight:",
    "The main points about {topic} are these:",
    "It comes down to a short list:",
)

HEADINGS = (
    "Where it begins",
    "What it rests on",
    "How it works in practice",
    "Why it matters",
    "What is often missed",
    "A closer look at {key}",
    "The other side",
    "What comes next",
    "Lessons from {source}",
    "The question of {aspect}",
)

QUOTES = (
    "To be exact, the question was: “{quote}”.",
    "The words in front of me are “{quote}”, and I take them as they stand.",
    "You wrote “{quote}”, so let me keep to that.",
)

FILLERS = (
    "That helps.",
    "It does work.",
    "That is all.",
    "Time will tell.",
    "That is the point.",
    "The rest is detail.",
    "It all adds up.",
    "So much for the theory.",
    "The rest can safely wait.",
    "And that is a good start.",
    "There is always more to learn.",
    "The details are a matter of taste.",
    "In short, it is worth the effort.",
    "Most of it becomes clear with some time.",
    "As so often, the simple answer is the best.",
)
"""Sentences that finish an answer of an exact length; they have every length from 3 to 9 tokens."""

WORDS: dict[str, tuple[str, ...]] = {
    "aspect": (
        "timing",
        "context",
        "scale",
        "trust",
        "balance",
        "structure",
        "the choice of tools",
        "the cost of mistakes",
        "the order of the steps",
        "the quality of the evidence",
        "the people involved",
        "what is left out",
        "the way it is measured",
        "the history behind it",
        "the space between the parts",
        "how it begins",
        "the limits of attention",
        "the supply of energy",
        "the role of chance",
        "local knowledge",
        "repetition",
        "the shape of the problem",
        "the first impression",
        "what happens at the edges",
        "the long run",
        "a clear purpose",
        "feedback",
        "the right amount of pressure",
        "language",
        "memory",
    ),
    "observers": (
        "specialists",
        "teachers",
        "practitioners",
        "historians",
        "critics",
        "engineers",
        "beginners",
        "researchers",
        "travellers",
        "neighbors",
        "economists",
        "those who do it daily",
    ),
    "source": (
        "a long field study",
        "old letters and notebooks",
        "a series of careful experiments",
        "everyday practice",
        "a survey of several towns",
        "the records of a small workshop",
        "two decades of measurements",
        "a comparison across countries",
        "the memories of those who were there",
        "a simple count",
    ),
    "scene": (
        "a busy kitchen",
        "a harbor at dawn",
        "a crowded railway station",
        "a small orchestra tuning up",
        "a garden after rain",
        "a workshop on a Monday morning",
        "a library an hour before closing",
        "a village market",
        "a mountain path in fog",
        "a chess game between friends",
        "a night shift in a hospital",
        "a classroom in September",
    ),
    "virtue": (
        "patience",
        "curiosity",
        "precision",
        "care",
        "practice",
        "humility",
        "persistence",
        "plain speaking",
    ),
    "causes": ("choices", "habits", "changes", "errors", "signals", "differences", "decisions"),
    "effects": ("results", "consequences", "patterns", "surprises", "gains", "losses", "outcomes"),
    "plans": ("plans", "ideas", "tools", "intentions", "instructions", "models"),
    "scope": (
        "the essentials",
        "the parts that matter in practice",
        "what can be said with confidence",
        "the main line of the argument",
        "the points that come up most often",
    ),
    "span": (
        "a single season",
        "three winters",
        "ten years",
        "a generation",
        "one long summer",
        "a few weeks",
    ),
    "ordinal": ("second", "third", "last", "least expected"),
    "percent": ("two", "three", "five", "eight", "ten", "fifteen"),
    "number": ("forty", "ninety", "a hundred and twenty", "more than three hundred", "nearly a thousand"),
}
