// What the page uses of marked's lexer. Checked in place of the minified module, which has no types.
export type Token = { type: string; raw: string; tokens?: Token[]; [field: string]: any };
export type TokensList = Token[] & { links: Record<string, any> };
export class Lexer {
  constructor(options?: object);
  tokens: TokensList;
  state: { inLink: boolean; inRawBlock: boolean; top: boolean };
  inlineQueue: { src: string; tokens: Token[] }[];
  blockTokens(source: string, tokens: Token[], isLast?: boolean): Token[];
  inlineTokens(source: string, tokens?: Token[]): Token[];
}
