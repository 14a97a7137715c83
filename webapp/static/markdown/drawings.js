/** What stands in for the text it was made from once its library has come: highlighted code, typeset formulas. */

/** @typedef {import("./node_tree.js").Drawing} Drawing */

/** Highlighting longer code would hold up the page for longer than a frame. */
const LONGEST_HIGHLIGHTED = 20_000;
const LONGEST_FORMULA = 5_000;
const BEYOND_A_FORMULA = "a, img, script, style, iframe, svg, [href], [src]";

/** @type {Record<string, string[]>} what models call the languages that there are */
const CALLED = {
  asm: ["nasm", "assembly"],
  bash: ["sh", "shell", "zsh", "console", "shell-session"],
  c: ["h", "cpp", "c++", "cc", "hpp"],
  css: ["scss"],
  csv: [],
  diff: ["patch"],
  docker: ["dockerfile"],
  git: [],
  go: ["golang"],
  html: ["xhtml", "vue", "svelte", "jinja", "jinja2"],
  http: [],
  ini: ["cfg", "properties", "dotenv", "env"],
  java: [],
  js: ["javascript", "jsx", "mjs", "cjs", "node"],
  json: ["jsonc", "json5", "ndjson", "jsonl"],
  log: [],
  lua: [],
  make: ["makefile", "mk"],
  md: ["markdown"],
  pl: ["perl"],
  py: ["python", "python3", "py3"],
  regex: ["regexp"],
  rs: ["rust"],
  sql: ["postgresql", "mysql", "sqlite", "plpgsql"],
  toml: [],
  ts: ["typescript", "tsx"],
  uri: ["url"],
  xml: ["svg", "xsd", "xslt", "plist"],
  yaml: ["yml"],
};
const LANGUAGES = new Map(Object.entries(CALLED).flatMap(([name, others]) => [name, ...others].map((each) => [each, name])));

/**
 * An element shows its text until its library has come, and for good where it does not come.
 * @param {import("./code_copying.js").Strings} strings
 * @returns {import("./node_tree.js").Draw}
 */
export function drawWith(strings) {
  return (element, drawing) => {
    if (drawing.kind === "copy") element.textContent = strings.copy;
    if (drawing.kind === "code") highlight(element, drawing).catch(() => {});
    if (drawing.kind === "math") typeset(element, drawing).catch(() => {});
  };
}

/** @param {HTMLElement} element @param {Drawing} drawing */
async function highlight(element, { text, option }) {
  const language = LANGUAGES.get(option.toLowerCase());
  if (language === undefined || text.length > LONGEST_HIGHLIGHTED) return;
  const { tokenize } = await import("../vendor/speed-highlight/index.js");
  /** @type {(Node | string)[]} */
  const parts = [];
  await tokenize(text, language, (/** @type {string} */ part, /** @type {string | undefined} */ kind) => {
    if (part !== "") parts.push(kind ? colored(part, kind) : part);
  });
  if (parts.map((part) => (typeof part === "string" ? part : part.textContent)).join("") === text) element.replaceChildren(...parts);
}

/** @param {string} text @param {string} kind */
function colored(text, kind) {
  const span = document.createElement("span");
  span.className = `token-${kind}`;
  span.textContent = text;
  return span;
}

/** @param {HTMLElement} element @param {Drawing} drawing */
async function typeset(element, { text, option }) {
  if (text.length > LONGEST_FORMULA) return;
  const { default: temml } = await import("../vendor/temml/temml.js");
  useStyles();
  const formula = document.createElement("span");
  temml.render(text, formula, { displayMode: option === "display", throwOnError: true, trust: false, maxSize: [10, 100] });
  if (formula.querySelector(BEYOND_A_FORMULA)) return;
  // \label would take the name of a part of the page.
  for (const named of formula.querySelectorAll("[id]")) named.removeAttribute("id");
  element.replaceChildren(...formula.childNodes);
}

function useStyles() {
  const href = new URL("../vendor/temml/temml.css", import.meta.url).href;
  if (document.querySelector(`link[href="${href}"]`)) return;
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = href;
  document.head.append(link);
}
