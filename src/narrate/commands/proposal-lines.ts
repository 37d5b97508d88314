/** Suggestions from a source for missing config keys, as YAML that a person may copy. */

import { asYaml } from '../../errors/as-yaml.ts';
import type { Palette } from '../text/palette.ts';
import { visible } from '../text/visible.ts';
import { wrap } from '../text/width.ts';

/** The suggestions of a source, see `Proposal` of the connector contract. */
interface Suggested {
  readonly home: readonly string[];
  readonly increment?: {
    readonly column: string;
    readonly key?: string;
    readonly home: readonly string[];
    readonly lacks?: string;
    readonly notes: readonly string[];
  };
  readonly notes: readonly string[];
}

export interface ProposalText {
  /** The suggestion as YAML. Lines that belong below `home:` are indented accordingly. */
  readonly lines: readonly string[];
  /** Explanations, as sentences. */
  readonly notes: readonly string[];
}

/** The suggestion in words; undefined: the source has no suggestion. @param hasWatermark whether the entity has a watermark. */
export function proposalText({ home, increment, notes }: Suggested, hasWatermark: boolean): ProposalText | undefined {
  const cursor = hasWatermark ? undefined : increment;
  const ofHome = [...home, ...(cursor?.home ?? [])];
  const lines = [
    ...(ofHome.length === 0 ? [] : ['  # below home:', ...ofHome.map((line) => `  ${line}`)]),
    ...(cursor === undefined ? [] : incrementLines(cursor)),
  ];
  return lines.length === 0 && notes.length === 0 ? undefined : { lines, notes: [...notes, ...(cursor?.notes ?? [])] };
}

/** The suggestion, below the rows of a preview. @param width columns of the terminal; null: a pipe. */
export function suggestedLines({ lines, notes }: ProposalText, palette: Palette, width: number | null): readonly string[] {
  const shown = notes.map((note) => `- ${visible(note)}`).flatMap((note) => (width === null ? [note] : wrap(note, width)));
  return [
    '',
    palette.strong('The first answer suggests keys that are not set:'),
    ...shown,
    ...(lines.length === 0 ? [] : ['', ...lines.map(visible)]),
  ];
}

/** The YAML lines are comments if another key must be added first. */
function incrementLines(cursor: NonNullable<Suggested['increment']>): readonly string[] {
  const lines = ['run_type: incremental', watermarkLine(cursor)];
  if (cursor.lacks === undefined) return ['# next to home, to load only new rows:', ...lines];
  return ['# next to home, to load only new rows:', `# this needs, below home: ${cursor.lacks}`, ...lines.map((line) => `# ${line}`)];
}

function watermarkLine({ column, key }: { readonly column: string; readonly key?: string }): string {
  return `watermark: { column: ${asYaml(column)}${key === undefined ? '' : `, key: [${asYaml(key)}]`} }`;
}
