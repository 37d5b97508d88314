import { counted } from '../text/figures.ts';
import type { Palette } from '../text/palette.ts';
import { shownName, visible } from '../text/visible.ts';

/** The results of `hygge generate entities`, collected during the command. */
export interface Generated {
  readonly flow: string;
  readonly made: { readonly path: string; readonly text: string }[];
  /** Entities that existed before. */
  readonly kept: string[];
  /** Found names that no entity can have. */
  readonly unnamed: string[];
  /** Found items that are not used, as sentences. */
  readonly leftOut: readonly string[];
}

export function generatedLines(
  generated: Generated,
  how: { readonly dryRun: boolean; readonly json: boolean },
  palette: Palette,
): readonly string[] {
  const { made, kept, unnamed, leftOut, flow } = generated;
  return [
    ...(how.dryRun
      ? (how.json ? [] : made).flatMap(({ path, text }) => [
          palette.quiet(`# ${visible(path)}`),
          ...text.trimEnd().split('\n').map(visible),
          '',
        ])
      : made.map(({ path }) => `${palette.good('+')} ${visible(path)}`)),
    ...(kept.length === 0
      ? []
      : [`${palette.quiet('=')} ${listed(kept)} ${kept.length === 1 ? 'is' : 'are'} there already, and left unchanged`]),
    ...unnamed.map((name) => `${palette.caution('!')} ${shownName(name)} can't be the name of an entity, and is left out`),
    ...leftOut.map((sentence) => `${palette.caution('!')} ${sentence}`),
    ...(how.dryRun
      ? [`${counted(made.length, 'file')} would be written. Nothing was written.`]
      : made.length === 0
        ? ['Nothing new to write.']
        : ['', `${palette.quiet('next')}  hygge go --dry-run -f ${shownName(flow)}`]),
  ];
}

const listedAtMost = 5;

function listed(names: readonly string[]): string {
  const shown = names.slice(0, listedAtMost).map(shownName).join(', ');
  return names.length > listedAtMost ? `${shown} and ${names.length - listedAtMost} more` : shown;
}

export function schemaLines(
  written: readonly { readonly path: string; readonly outcome: SchemaOutcome }[],
  palette: Palette,
): readonly string[] {
  const marks: Readonly<Record<SchemaOutcome, string>> = { new: palette.good('+'), changed: palette.good('~'), same: palette.quiet('=') };
  const words: Readonly<Record<SchemaOutcome, string>> = { new: 'written', changed: 'brought up to date', same: 'is up to date' };
  return [
    ...written.map(({ path, outcome }) => `${marks[outcome]} ${path}  ${words[outcome]}`),
    '',
    'Editors find them by the first line of a YAML file, as `hygge init` and `hygge generate entities` write it:',
    '  # yaml-language-server: $schema=../../.hygge/schema/flow.json',
  ];
}

export type SchemaOutcome = 'new' | 'changed' | 'same';

/** The SQL that a database administrator runs for one database. */
export interface MetadataScript {
  /** Null: the SQL is for no named connection. */
  readonly connection: string | null;
  readonly type: string;
  readonly role: string | null;
  readonly place: string | null;
  readonly statements: readonly string[];
}

export function metadataLines(scripts: readonly MetadataScript[]): readonly string[] {
  return scripts.flatMap(({ connection, type, role, place, statements }, n) => {
    const where = place === null ? `any database of type ${type}` : `${type} ${place}`;
    const over = connection === null ? '' : ` (connection ${connection})`;
    return [
      ...(n === 0 ? [] : ['']),
      `-- The tables of hygge itself in ${visible(where)}${visible(over)}. This script may be run again.`,
      ...(role === null
        ? []
        : [`-- The role that runs hygge: ${visible(role)}. After this script, the role needs no right to create schemas.`]),
      ...statements.map((statement) => `${statement};`),
    ];
  });
}
