/** Colours are optional: every line has the same meaning without them. */
export interface Palette {
  readonly good: (text: string) => string;
  readonly caution: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly quiet: (text: string) => string;
  readonly strong: (text: string) => string;
}

function style(open: number, close: number): (text: string) => string {
  return (text) => (text === '' ? '' : `\u001b[${open}m${text}\u001b[${close}m`);
}

const same = (text: string): string => text;

export const noColor: Palette = { good: same, caution: same, bad: same, quiet: same, strong: same };

export const color: Palette = {
  good: style(32, 39),
  caution: style(33, 39),
  bad: style(31, 39),
  quiet: style(2, 22),
  strong: style(1, 22),
};
