/** A fenced block of a page. */
export interface Block {
  /** Of the fence, from 1. */
  readonly line: number;
  readonly language: string;
  readonly text: string;
}

export function blocksOf(page: string): readonly Block[] {
  const lines = page.split('\n');
  const found: Block[] = [];
  for (let i = 0; i < lines.length; i++) {
    const language = /^```(\w*)$/.exec(lines[i] ?? '')?.[1];
    if (language === undefined) continue;
    const end = lines.indexOf('```', i + 1);
    found.push({ line: i + 1, language, text: lines.slice(i + 1, end).join('\n') });
    i = end;
  }
  return found;
}
