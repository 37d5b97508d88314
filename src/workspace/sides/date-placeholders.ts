import type { EntitySpec } from '../../engine/contracts/spec.ts';
import { type Problems, quoted } from '../yaml/problems.ts';
import { child, type MapNode, type Scalar } from '../yaml/tree.ts';
import { joinPaths, namesFile, type PathPieces } from './paths.ts';

export interface DatedSide {
  readonly side: 'home' | 'store';
  /** The entity's settings, after all layers are merged. */
  readonly tree: MapNode;
  readonly pieces: PathPieces;
  readonly runType: EntitySpec['runType'];
}

/** Reports a misplaced `{date}`. The state remembers one source and one destination, which `{date}` would change every day. Only a full load may read from a new source every day. */
export function checkDatePlaceholders({ side, tree, pieces, runType }: DatedSide, problems: Problems): void {
  if (side === 'home' && runType === 'full_drop') return;
  const table = child(child(tree, side), 'table');
  refusePath(side, pieces, problems);
  if (table?.kind === 'scalar' && isDated(table)) refuse(side, { key: 'table', written: table, rest: '' }, problems);
}

interface DatedPath {
  readonly key: 'path' | 'table';
  readonly written: Scalar;
  /** The part that an entity adds to the advice. */
  readonly rest: string;
}

function refusePath(side: 'home' | 'store', pieces: PathPieces, problems: Problems): void {
  const joined = joinPaths(pieces);
  if (!joined?.text.includes('{date}')) return;
  const written = isDated(joined.from) ? joined.from : (pieces.override ?? pieces.flow ?? joined.from);
  refuse(side, { key: 'path', written, rest: joined.appended ? '/{entity}' : '' }, problems);
}

function isDated({ text }: Scalar): boolean {
  return text.includes('{date}');
}

function refuse(side: 'home' | 'store', dated: DatedPath, problems: Problems): void {
  const { key, written } = dated;
  const home = side === 'home';
  problems.add({
    code: 'HYG-1059',
    what: home
      ? `\`{date}\` in the ${key} of the home makes a different source every day, but this entity is loaded incrementally.`
      : `\`{date}\` in the ${key} of the store makes a different destination every day.`,
    why: [
      home
        ? 'New rows can only be found within one source.'
        : 'The state remembers the destination of the last run, so the run on the next day would stop.',
    ],
    tryThis: home ? remedyForHome(dated) : remedyForStore(key),
    spot: written.spot,
  });
}

function remedyForHome({ key, written, rest }: DatedPath): readonly [string, ...string[]] {
  const whole = `${key === 'path' ? 'Or load' : 'Load'} all rows of each day’s source: \`run_type: full_drop\`.`;
  if (key === 'table') return [whole];
  const pattern = `${written.shown.replaceAll('{date}', '*').replace(/\/+$/, '')}${rest}`;
  const files = namesFile(pattern) ? pattern : `${pattern}/**/*.parquet`;
  return [`Find the files of every day with a pattern: ${quoted(files)}. Settled files are not read again.`, whole];
}

function remedyForStore(key: 'path' | 'table'): readonly [string, ...string[]] {
  if (key === 'table') return ['Remove `{date}` from it: the rows of every day settle in one table.'];
  return [
    'Remove `{date}` from it: the rows of all days are then in one folder.',
    'For a separate folder for each load, write `layout: versioned` below `store:`.',
  ];
}
