export const characterEntitiesHtml4: Record<string, string>;
