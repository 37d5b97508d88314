import type { EntitySpec } from '../engine/spec.ts';
import { joinPaths, namesFile, type PathPieces } from './paths.ts';
import { type Problems, quoted } from './problems.ts';
import { child, type Mapping, type Scalar } from './tree.ts';

export interface DatedSide {
  readonly side: 'home' | 'store';
  /** The entity's settings, all layers merged. */
  readonly tree: Mapping;
  readonly pieces: PathPieces;
  readonly runType: EntitySpec['runType'];
}

/** The state remembers one source and one destination: `{date}` would make another of it every day. A full load may come from anywhere. */
export function checkDate({ side, tree, pieces, runType }: DatedSide, problems: Problems): void {
  if (side === 'home' && runType === 'full_drop') return;
  const path = datedPath(pieces);
  const table = child(child(tree, side), 'table');
  if (path !== undefined) refuse(side, 'path', path, problems);
  if (table?.kind === 'scalar' && isDated(table)) refuse(side, 'table', table, problems);
}

function datedPath(pieces: PathPieces): Scalar | undefined {
  const joined = joinPaths(pieces);
  if (!joined?.text.includes('{date}')) return undefined;
  return isDated(joined.from) ? joined.from : (pieces.override ?? pieces.flow);
}

function isDated({ text }: Scalar): boolean {
  return text.includes('{date}');
}

function refuse(side: 'home' | 'store', key: 'path' | 'table', written: Scalar, problems: Problems): void {
  const home = side === 'home';
  problems.add({
    code: 'HYG-1059',
    what: home
      ? `\`{date}\` in the ${key} of the home makes another source every day, but this entity is loaded incrementally.`
      : `\`{date}\` in the ${key} of the store makes another destination every day.`,
    why: [
      home
        ? 'What is new can only be told within one source.'
        : 'The state remembers where the last run settled, so the run of the next day would be stopped.',
    ],
    tryThis: home ? remedyForHome(key, written) : remedyForStore(key),
    spot: written.spot,
  });
}

function remedyForHome(key: 'path' | 'table', { shown }: Scalar): readonly [string, ...string[]] {
  const whole = `${key === 'path' ? 'Or load' : 'Load'} the source of each day whole: \`run_type: full_drop\`.`;
  if (key === 'table') return [whole];
  const pattern = shown.replaceAll('{date}', '*');
  const files = namesFile(pattern) ? pattern : `${pattern.replace(/\/+$/, '')}/**/*.parquet`;
  return [`Let a pattern find the files of every day: ${quoted(files)}. Incremental by file then takes each one once.`, whole];
}

function remedyForStore(key: 'path' | 'table'): readonly [string, ...string[]] {
  if (key === 'table') return ['Remove `{date}` from it: the rows of every day settle in one table.'];
  return [
    'Remove `{date}` from it: the rows of every day settle in one folder.',
    'For a folder of its own for each load, write `layout: versioned` below `store:`.',
  ];
}
