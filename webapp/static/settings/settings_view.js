/** The dialog of settings; each holds from the moment it is set. */

import { element, html } from "../page/elements.js";
import { USUAL } from "./settings.js";

/** @typedef {import("./settings.js").Settings} Settings */

const YEAR_SECONDS = 31_536_000;
const NUMBERS = ["temperature", "max_tokens"];

export class SettingsView {
  #dialog = element(document, "#settings", HTMLDialogElement);
  #form = element(document, "#settings form", HTMLFormElement);
  #settings;
  #onChange;

  /**
   * @param {Settings} settings
   * @param {() => void} onChange
   */
  constructor(settings, onChange) {
    this.#settings = settings;
    this.#onChange = onChange;
    this.#form.addEventListener("input", (event) => this.#take(event.target));
    html("[data-part=reset]", this.#form).addEventListener("click", () => {
      const { model, list } = settings.values;
      settings.set({ ...USUAL, model, list });
      this.#fill();
      this.#changed();
    });
    applyTheme(settings.values.theme);
  }

  open() {
    this.#fill();
    this.#dialog.showModal();
  }

  #fill() {
    for (const control of this.#form.elements) {
      const name = control.getAttribute("name");
      if (name && "value" in control) control.value = String(Object(this.#settings.values)[name] ?? "");
    }
  }

  #take(/** @type {any} */ control) {
    const { name, value } = control;
    if (!(name in USUAL) || !control.checkValidity()) return void control.reportValidity?.();
    this.#settings.set({ [name]: !NUMBERS.includes(name) ? value : value === "" ? null : Number(value) });
    this.#changed();
  }

  #changed() {
    const { theme } = this.#settings.values;
    applyTheme(theme);
    // The server puts it into the page, which then has its colours before its first paint, and without a script.
    const age = theme ? YEAR_SECONDS : 0;
    if (theme || document.cookie.includes("theme=")) {
      document.cookie = `theme=${theme}; max-age=${age}; path=${location.pathname.replace(/[^/]*$/, "")}; samesite=lax`;
    }
    this.#onChange();
  }
}

/** @param {string} theme */
export function applyTheme(theme) {
  document.documentElement.toggleAttribute("data-theme", theme !== "");
  if (theme) document.documentElement.dataset["theme"] = theme;
  element(document, "meta[name=color-scheme]", HTMLMetaElement).content = theme || "light dark";
}
