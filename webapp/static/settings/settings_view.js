/** The dialog of settings, and the choice of a model; each holds from the moment it is set. */

import { element, part } from "../page/elements.js";
import { NUMBERS, Settings, USUAL } from "./settings.js";

const YEAR_SECONDS = 31_536_000;
const dialog = element("#settings", HTMLDialogElement);
const form = element("form", HTMLFormElement, dialog);
const models = document.querySelector("#model");
export const settings = new Settings();

/** Empty where there is no choice. */
export const chosenModel = () => (models instanceof HTMLSelectElement ? { model: models.value } : {});

/** @param {() => void} onChange */
export function startSettings(onChange) {
	if (models instanceof HTMLSelectElement) {
		const usual = models.value;
		models.value = settings.values.model;
		models.value ||= usual;
		models.onchange = () => settings.set(chosenModel());
	}
	applyTheme();
	const changed = (/** @type {Partial<typeof USUAL>} */ change) => {
		settings.set(change);
		applyTheme();
		onChange();
	};
	form.oninput = ({ target }) => {
		const control = /** @type {HTMLInputElement} */ (target);
		const { name, value } = control;
		if (!(name in USUAL) || !control.reportValidity()) return;
		changed({ [name]: !NUMBERS.includes(name) ? value : value === "" ? null : Number(value) });
	};
	part("reset", form).onclick = () => {
		changed({ ...USUAL, model: settings.values.model });
		fill();
	};
	onChange();
}

export function openSettings() {
	fill();
	dialog.showModal();
}

function fill() {
	for (const control of form.elements) {
		const name = control.getAttribute("name");
		if (name && "value" in control) control.value = String(Object(settings.values)[name] ?? "");
	}
}

/** The server puts it into the page, which then has its colours before its first paint, and without a script. */
function applyTheme() {
	const { theme } = settings.values;
	document.documentElement.dataset["theme"] = theme;
	element("meta[name=color-scheme]", HTMLMetaElement).content = theme || "light dark";
	const path = location.pathname.replace(/[^/]*$/, "");
	document.cookie = `theme=${theme}; max-age=${theme ? YEAR_SECONDS : 0}; path=${path}; samesite=lax`;
}
