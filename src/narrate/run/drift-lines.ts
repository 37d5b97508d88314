import type { DriftTold } from '../../ports/events.ts';
import type { Json } from '../../ports/values.ts';
import { count, counted } from '../text/figures.ts';
import type { Palette } from '../text/palette.ts';
import { visible } from '../text/visible.ts';
import { shorten } from '../text/width.ts';
import type { EventOf } from './running-entity.ts';

/** The differences between source and settled columns, one per line: `+ email string: it settles from now on (add_columns: auto)`. */
export function driftLines(drift: readonly DriftTold[], how: { readonly palette: Palette; readonly now: string }): readonly string[] {
  return drift.map((one) => {
    const since = one.since.slice(0, 10) < how.now.slice(0, 10) ? ` since ${one.since.slice(0, 10)}` : '';
    const line = `${headOf(one)}${since}: ${visible(one.outcome)}${decidedBy(one)}${suchAs(one)}`;
    return `${coloured(signOf(one.kind), one, how.palette)} ${one.severity === 'note' ? how.palette.quiet(line) : line}`;
  });
}

/** The differences that a person should know, in a few words: `+ email, - fax`. Empty: none. */
export function driftBrief(drift: readonly DriftTold[]): string {
  const told = drift.filter(({ severity }) => severity !== 'note').map(named);
  const shown = told.slice(0, namedAtMost).join(', ');
  return told.length > namedAtMost ? `${shown} and ${count(told.length - namedAtMost)} more` : shown;
}

/** A sentence of a plan. */
export interface PlanRemark {
  readonly text: string;
  readonly code: string | undefined;
  /** True: the sentence is a note. False: the sentence is a warning. */
  readonly isNote: boolean;
}

/** The sentences of a plan, without those about drift, which has its own lines. */
export function remarksOf({ warnings, notes = 0, codes }: Pick<EventOf<'plan'>, 'warnings' | 'notes' | 'codes'>): readonly PlanRemark[] {
  return warnings
    .map((text, at) => ({ text, code: codes?.[at], isNote: at >= warnings.length - notes }))
    .filter(({ code }) => code !== 'drift');
}

/** The mark before a sentence: `!` for a warning, `·` for a note. */
export function remarkMark({ isNote }: Pick<PlanRemark, 'isNote'>, palette: Palette): string {
  return isNote ? palette.quiet('·') : palette.caution('!');
}

/** A message with shorter sentences about drift, because the full sentences were shown before. */
export function shortened(message: string, drift: readonly DriftTold[]): string {
  const told = drift.map((one) => ({ one, sentence: `${one.change}: ${one.outcome}${decidedBy(one)}` }));
  const said = told.filter(({ sentence }) => message.includes(sentence));
  const brief = driftBrief(said.map(({ one }) => one));
  if (brief === '') return message;
  const rest = said.reduce((text, { sentence }) => text.replace(sentence, ''), message);
  const others = rest.split('; ').filter((part) => part !== '');
  return [...others, `schema: ${brief}`].join('; ');
}

const namedAtMost = 3;

function named(one: DriftTold): string {
  return `${signOf(one.kind)} ${one.column === null ? (one.kind === 'key' ? 'key' : 'order') : visible(one.column)}`;
}

export function signOf(kind: DriftTold['kind']): '+' | '-' | '~' | '·' {
  const signs = { added: '+', removed: '-', returned: '+', type: '~', nullable: '~', reordered: '·', key: '~' } as const;
  return signs[kind];
}

/** The change of a column: `int64 → string`, `gone (phone now?)`. */
export function presentText(one: Pick<DriftTold, 'kind' | 'before' | 'now' | 'renamed_to'>): string {
  switch (one.kind) {
    case 'added':
      return visible(one.now ?? '');
    case 'removed':
      return one.renamed_to === undefined ? 'gone' : `gone (${visible(one.renamed_to)} now?)`;
    case 'returned':
      return 'there again';
    case 'reordered':
      return 'in another order';
    default:
      return `${visible(one.before ?? '')} → ${visible(one.now ?? '')}`;
  }
}

function headOf(one: DriftTold): string {
  return `${one.column === null ? (one.kind === 'key' ? 'the key' : 'the columns') : visible(one.column)} ${presentText(one)}`.trimEnd();
}

const widestSample = 40;

function suchAs({ samples = [] }: DriftTold): string {
  return samples.length === 0 ? '' : `, such as ${samples.map(sampleText).join(', ')}`;
}

function sampleText(value: Json): string {
  if (typeof value === 'object' && value !== null && 'masked' in value) return `••• (${counted(Number(value.characters), 'character')})`;
  return shorten(visible(JSON.stringify(value)), widestSample);
}

function decidedBy({ policy }: Pick<DriftTold, 'policy'>): string {
  return policy === null ? '' : ` (${visible(policy)})`;
}

export function coloured(text: string, { kind, severity }: Pick<DriftTold, 'kind' | 'severity'>, palette: Palette): string {
  if (severity === 'fail') return palette.bad(text);
  if (severity === 'note') return palette.quiet(text);
  return kind === 'added' ? palette.good(text) : palette.caution(text);
}
