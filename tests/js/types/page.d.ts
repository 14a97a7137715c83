/** The shapes that the page's modules hand each other: global to them, checked by `make check`, never sent to a browser. */

// stream/: one POST /chat
type Message = { role: "user" | "assistant" | "system"; content: string };
/** A message, and the first turn that is in it. */
type Sent = Message & { turn: number };
type ChatRequest = {
  messages: Message[];
  model?: string;
  temperature?: number;
  max_tokens?: number;
  reasoning_effort?: string;
};
type Usage = { prompt_tokens?: number; completion_tokens: number };
type Done = {
  type: "done";
  finish_reason: string;
  reason?: string;
  usage?: Usage | null;
  /** How many of the oldest messages the answer knows nothing of. */
  dropped_messages?: number;
};
type Failure = {
  type: "error";
  code: string;
  message: string;
  retryable: boolean;
  request_id?: string | undefined;
  retry_after_seconds?: number;
};
type Terminal = Done | Failure | { type: "stopped" };
type AnswerObject =
  | { type: "start"; id: string; model: string }
  | { type: "delta"; text: string }
  /** What a model lets see of its thinking. */
  | { type: "reasoning"; text: string }
  | Terminal;
/** The host interrupted the answer, and the rest of it is asked for. */
type Continuing = { type: "continuing"; usage: Done["usage"] };
type StreamOptions = {
  /** Ends the answer with a stopped object. */
  signal?: AbortSignal;
  /** Of the app's /chat; by default relative to the page, so that the app may live below a path of its own. */
  url?: string;
  fetcher?: typeof fetch;
  /** Called for all that comes, heartbeats too. */
  heard?: () => void;
};

type PostOptions = { url: string; fetcher: typeof fetch; signal: AbortSignal; accept: string };

// turns/: a conversation is a tree of questions and replies, of which one path is shown
type Answer = import("./turns/answer.js").Answer;
type Conversation = import("./turns/conversation.js").Conversation;
/** `left`: the page was, in the middle; `elsewhere`: another tab writes it. */
type Ending = Terminal | { type: "left" | "elsewhere" };
type QuestionNode = { id: string; parent: string; role: "user"; at: number; text: string };
type ReplyNode = { id: string; parent: string; role: "assistant"; at: number; answer: Answer };
type TreeNode = QuestionNode | ReplyNode;
type Turn = { question: QuestionNode; reply: ReplyNode };
/** What a list of conversations knows of one; `chosen` has the shown child of each parent. */
type Head = {
  id: string;
  title: string;
  created: number;
  updated: number;
  chosen: Record<string, string>;
};
/** Of the app, on one request. */
type Limits = { messages: number; characters: number; bytes: number };
type AppLimits = Limits & { temperature: number; tokens: number; system: boolean };

// history/: what is kept
type Row = { id: string } & Record<string, any>;
type Table = "conversations" | "messages";
/** What a record is to be; without a row it is to go. */
type Entry = { table: Table; id: string; row?: Row };
type Store = {
  all(table: Table): Promise<Row[]>;
  of(conversation: string): Promise<Row[]>;
  /** All of them or none. */
  write(entries: Entry[]): Promise<void>;
};
type Work = (begun: IDBTransaction) => IDBRequest | void;
type Kept = { head: Row; messages: Row[] };
type Trouble = "store.none" | "store.full" | "store.failed" | "store.unread";

type HistoryListeners = {
  /** Trouble with keeping; empty when it is over. */
  trouble: (trouble: Trouble | "") => void;
  /** Another tab has changed a conversation. */
  elsewhere: (conversation: string) => void;
};
type ListUses = {
  openConversation: (id: string) => void;
  rename: (head: Head, title: string) => void;
  remove: (head: Head) => void;
  exportFiles: (id?: string) => void;
  importFiles: (files: Iterable<File>) => void;
  matching: (words: string) => Promise<Set<string>>;
};

// words/
/** An object has one text for each plural category of the language. */
type Words = Record<string, string | Record<string, string>>;
type Action = "retry" | "continue" | "new_chat" | "settings";
type Notice = { tone: "calm" | "wrong"; sentence: string; actions: Action[]; waitSeconds: number; fineprint: string };

// settings/
type Settings = import("./settings/settings.js").Settings;

// composer/
type ComposerUses = {
  send: (question: string) => void;
  stop: () => void;
  changed: (draft: string) => void;
  mostCharacters: number;
  sendsOn: () => string;
};

// chat/
type AnsweringUses = {
  question: () => ChatRequest;
  fetcher: typeof fetch;
  took: (object: AnswerObject, at: number) => void;
  ended: () => void;
  save: (at: number) => void;
  refresh: (at: number, silentSeconds: number) => void;
};
type Task = ReturnType<typeof import("./chat/answering.js").answering>;

// view/
type TurnView = {
  turn: Turn;
  root: HTMLElement;
  isDrawn: boolean;
  /** Shows the text of an answer that was kept. */
  draw(): void;
  take(object: AnswerObject, at: number): void;
  /** The answer goes out again: what has no text begins from nothing. */
  begin(at: number): void;
  render(at: number): void;
  /** Says that something is amiss while the answer is being written; an empty sentence takes it back. */
  warn(sentence: string): void;
  /** Only the last answer can be retried or continued. */
  retire(): void;
  remove(): void;
};
type Doing = (does: string, more?: Partial<Act>) => unknown;
/** What a reader does with a turn, in the detail of an `act` event. */
type Act = { does: string; turn: Turn; text?: string; of?: "question" | "reply"; by?: number };

// markdown/
type Token = Record<string, any> & { type: string; raw: string; tokens?: Token[] };
/** What `[label]: address` defines. */
type Links = Record<string, { href: string; title?: string }>;
/** What is defined before a text, and whether more of it may follow. */
type LexOptions = { links?: Links; isGrowing?: boolean };
type Lexed = { tokens: Token[]; links: Links };
type MathToken = { type: "math"; raw: string; tex: string; isDisplay: boolean };
/** What no further text can change, and what stands behind it. */
type Parted = { settled: Token[]; tail: Token[] };
/** What replaces an element's text when it is ready. */
type Drawing = { kind: "copy" | "code" | "math"; text?: string; option?: string };
type ElementDescription = {
  tag: string;
  children: Description[];
  attributes: Record<string, string>;
  drawing?: Drawing;
};
type Description = ElementDescription | string;
type Draw = (element: HTMLElement, drawing: Drawing) => void;
type Say = (word: "copy" | "copied") => string;

// race/
type Racer = (question: ChatRequest, signal: AbortSignal, fetcher: typeof fetch) => AsyncIterable<AnswerObject>;
