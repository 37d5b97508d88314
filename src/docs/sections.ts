/** A heading of a page with the text below it, up to the next heading. */
export interface Section {
  /** The file's name without `.md`: `state`. */
  readonly page: string;
  /** The headings above this heading, the outermost first. */
  readonly parents: readonly string[];
  /** The text without markup. */
  readonly heading: string;
  /** The level of the heading: 1 for the page’s title. */
  readonly level: number;
  /** The anchor in links: `what-it-costs`. */
  readonly anchor: string;
  /** Other questions that the section answers, from a comment below the heading: `<!-- asked as: load twice; duplicates -->`. */
  readonly askedAs: readonly string[];
  /** The text below the heading, in Markdown. */
  readonly body: string;
}

/** A page of docs/, as written. */
export interface Page {
  readonly name: string;
  readonly title: string;
  /** Whether the page is a reference that is generated from code. */
  readonly reference: boolean;
  /** The sections of the page. The first section has the title. */
  readonly sections: readonly Section[];
}

/** The anchor that GitHub makes from a heading. */
export function anchor(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}

/** @param text Markdown that begins with a title, except for comments. */
export function pageOf(name: string, text: string): Page {
  const sections: (Omit<Section, 'page' | 'body' | 'askedAs'> & { askedAs: readonly string[]; lines: string[] })[] = [];
  const above: string[] = [];
  const times = new Map<string, number>();
  let fenced = false;
  for (const line of text.split('\n')) {
    if (line.startsWith('```')) fenced = !fenced;
    const [, marks, written = ''] = (fenced ? null : /^(#{1,6}) (.*)$/.exec(line)) ?? [];
    if (marks === undefined) {
      const section = sections.at(-1);
      const [, asked] = (fenced ? null : /^<!-- asked as: (.*) -->$/.exec(line)) ?? [];
      if (section && asked !== undefined) section.askedAs = asked.split('; ');
      else if (fenced) section?.lines.push(line);
      else if (!/^(<!--.*-->|<\/?details>)$/.test(line)) section?.lines.push(line.replace(/^<summary>(.*)<\/summary>$/, '**$1**'));
      continue;
    }
    const heading = inlineText(written);
    const level = marks.length;
    const plain = anchor(heading);
    const before = times.get(plain) ?? 0;
    times.set(plain, before + 1);
    above.length = level - 1;
    sections.push({
      parents: above.filter(Boolean),
      heading,
      level,
      anchor: before === 0 ? plain : `${plain}-${before}`,
      askedAs: [],
      lines: [],
    });
    above[level - 1] = heading;
  }
  return {
    name,
    title: sections[0]?.heading ?? name,
    reference: text.startsWith('<!-- Made from the code'),
    sections: sections.map(({ lines, ...section }) => ({ page: name, ...section, body: lines.join('\n').trim() })),
  };
}

/** A link to another page becomes the command that shows it; other links, emphasis and escapes become plain text. Code keeps its marks. */
export function inlineText(markdown: string): string {
  return markdown
    .replace(/!?\[((?:[^\]`]|`[^`]*`)*)\]\(([^)\s]*)\)/g, (_, label: string, target: string) => linkText(label, target))
    .split(/(`[^`]*`)/)
    .map((piece) => (piece.startsWith('`') ? piece : withoutMarkup(piece)))
    .join('');
}

function withoutMarkup(text: string): string {
  return text
    .replace(/\*\*([^*]+)\*\*/g, '$1')
    .replace(/(?<![\\*\w])\*([^*\s][^*]*)\*(?!\w)/g, '$1')
    .replaceAll('&lt;', '<')
    .replace(/\\([*|<_])/g, '$1');
}

/** The longest command that is shown for a link. A longer command would not fit in a table. */
const longestCommand = 36;

function linkText(label: string, target: string): string {
  const [, page, hash = ''] = /^(?:docs\/)?(?:building\/|\.\.\/)?([a-z][\w-]*)\.md(#[\w-]+)?$/.exec(target) ?? [];
  if (page === undefined || /^HYG-\d{4}$/.test(label)) return label;
  const whole = `hygge docs ${page}${hash}`;
  const command = `\`${whole.length > longestCommand ? `hygge docs ${page}` : whole}\``;
  return /^`?[\w-]+\.md`?$/.test(label) ? command : `${label} (${command})`;
}

/** The cells of a table row. An escaped bar does not separate cells. */
export function cellsOf(row: string): readonly string[] {
  return row
    .trim()
    .replace(/^\||\|$/g, '')
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll('\\|', '|'));
}
