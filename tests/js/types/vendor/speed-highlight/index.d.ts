export function tokenize(
  source: string,
  language: string,
  onToken: (text: string, kind: string | undefined) => void,
): Promise<void>;
