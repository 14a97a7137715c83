declare const temml: { render(formula: string, element: Element, options?: object): void };
export default temml;
