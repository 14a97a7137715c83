/** Keeps the end of a growing content in view, for as long as its reader is there. */

/** Fractions of a pixel that zooming leaves between the end and the place a reader scrolled to. */
const SLACK_PIXELS = 2;

/** @param {Element} scroller @param {Element} content @param {(isOn: boolean) => void} onChange */
export function follow(scroller, content, onChange) {
	let isOn = false;
	let lastTop = 0;
	const set = (wanted = false) => {
		if (wanted !== isOn) onChange((isOn = wanted));
	};
	const toEnd = () => (scroller.scrollTop = scroller.scrollHeight);
	// Whoever moves up has scrolled, be it by a pixel: being near the end is not staying there.
	const look = () => {
		const { scrollTop, scrollHeight, clientHeight } = scroller;
		if (scrollHeight - clientHeight - scrollTop <= SLACK_PIXELS) set(true);
		else if (scrollTop < lastTop) set(false);
		lastTop = scrollTop;
	};
	scroller.addEventListener("scroll", look, { passive: true });
	// Called after layout and before paint: following costs no layout of its own.
	const resized = new ResizeObserver(() => isOn && toEnd());
	resized.observe(scroller);
	resized.observe(content);
	return {
		start() {
			set(true);
			toEnd();
		},
		stop: () => onChange((isOn = false)),
	};
}
