/** `validation.quality.checks`: the keys of each type of check, and their meaning. */
import type { Family, HomeSide } from '../../engine/contracts/connector.ts';
import type { Check } from '../../engine/contracts/validation.ts';
import type { WrittenCheck } from '../schema/validation-schema.ts';
import { keysNear, type Problems, quoted } from '../yaml/problems.ts';
import { child, entry, type MapNode, type Tree } from '../yaml/tree.ts';
import type { DraftCheck, Placed } from './contract.ts';

/** The types of checks in `validation.quality.checks`, without `broken rows`, which only data contracts have. */
type CheckKind = Exclude<Check['type'], 'broken rows'>;

const ofAll: readonly string[] = ['type', 'name', 'on_fail'];

/** `needs`: required keys. `takes`: keys of which at least one is required. `may`: optional keys. */
interface KeysOfCheck {
  readonly needs: readonly string[];
  readonly takes: readonly string[];
  readonly may?: readonly string[];
}

const keysOf: Readonly<Record<CheckKind, KeysOfCheck>> = {
  completeness: { needs: ['column', 'threshold'], takes: [], may: ['rows'] },
  uniqueness: { needs: ['columns'], takes: [] },
  freshness: { needs: [], takes: ['max_age', 'max_age_hours'], may: ['column'] },
  volume: { needs: [], takes: ['min_rows', 'max_rows', 'within'], may: ['rows'] },
  range: { needs: ['column', 'of'], takes: ['min', 'max'], may: ['rows'] },
  sql: { needs: ['query', 'name'], takes: ['min', 'max'] },
};

/** The checks of the list; `read` has the items of the list after validation by the schema. */
export function checksOf(tree: Tree | undefined, read: readonly WrittenCheck[], problems: Problems): readonly Placed<DraftCheck>[] {
  if (tree?.kind !== 'list') return [];
  return read.flatMap((written, at) => {
    const item = tree.items[at];
    if (item?.kind !== 'map' || !hasItsKeys(item, written.type, problems)) return [];
    const value = draftOf(item, written, problems);
    return value === undefined ? [] : [{ value, spot: child(item, 'type')?.spot ?? item.spot }];
  });
}

function hasItsKeys(item: MapNode, type: CheckKind, problems: Problems): boolean {
  const { needs, takes, may = [] } = keysOf[type];
  const before = problems.count;
  const known = [...new Set([...ofAll, ...needs, ...takes, ...may])];
  for (const [key, { spot }] of item.entries)
    if (!known.includes(key))
      problems.add({
        code: 'HYG-1010',
        what: `${quoted(key)} has no effect in a check of type ${quoted(type)}.`,
        tryThis: [`Remove it. ${keysNear(key, known)}`],
        spot,
      });
  const has = (key: string) => entry(item, key) !== undefined;
  const lacks = needs.filter((key) => !has(key));
  if (lacks.length === 0 && takes.length > 0 && !takes.some(has)) lacks.push(takes[0] ?? '');
  for (const key of lacks)
    problems.add({
      code: 'HYG-1012',
      what: `${quoted(key)} is missing: a check of type ${quoted(type)} needs it.`,
      tryThis: [`Add \`${key}: …\`.`],
      spot: child(item, 'type')?.spot ?? item.spot,
      missing: `validation.quality.checks.${key}`,
    });
  return problems.count === before;
}

function draftOf(item: MapNode, written: WrittenCheck, problems: Problems): DraftCheck | undefined {
  const severity = written.on_fail === undefined ? {} : { onFail: written.on_fail };
  const named = (byDefault: string) => ({ name: written.name ?? byDefault, ...severity });
  const { type, column = '', columns = [], rows = null } = written;
  switch (type) {
    case 'completeness':
      return { type, ...named(`completeness ${column}`), column, threshold: written.threshold ?? 1, rows };
    case 'uniqueness':
      return { type, ...named(`uniqueness ${columns.join(', ')}`), columns };
    case 'freshness': {
      if (written.max_age !== undefined && written.max_age_hours !== undefined) {
        refuse(item, 'max_age_hours', `${quoted('max_age_hours')} has no meaning next to ${quoted('max_age')}.`, problems);
        return undefined;
      }
      const of = { ...named(column === '' ? 'freshness' : `freshness ${column}`), column: column === '' ? null : column };
      return { type, ...of, maxAgeMs: written.max_age ?? (written.max_age_hours ?? 0) * 3_600_000 };
    }
    case 'volume': {
      const [minRows, maxRows] = [written.min_rows ?? null, written.max_rows ?? null];
      if (minRows !== null && maxRows !== null && minRows > maxRows) {
        refuse(item, 'min_rows', '`min_rows` is above `max_rows`, so no run would pass.', problems);
        return undefined;
      }
      return {
        type,
        ...named('volume'),
        minRows,
        maxRows,
        withinPercent: written.within ? Number(written.within.slice(0, -1)) : null,
        rows,
      };
    }
    case 'range':
    case 'sql': {
      const bounds = boundsOf(item, problems);
      if (bounds === undefined) return undefined;
      if (type === 'sql') {
        const wrong = (['min', 'max'] as const).find((key) => bounds[key] !== null && !isNumber(bounds[key]));
        if (wrong === undefined) return { type, ...named('sql'), query: written.query ?? '', ...bounds };
        problems.add({
          code: 'HYG-1013',
          what: `${quoted(wrong)} needs a number, not ${quoted(bounds[wrong] ?? '')}.`,
          tryThis: ['Write the number with digits: `0` or `0.5`.'],
          spot: entry(item, wrong)?.spot ?? item.spot,
        });
        return undefined;
      }
      const of = written.of ?? 'min';
      return { type, ...named(`range ${column} ${of}`), column, of, ...bounds, rows };
    }
  }
}

const isNumber = (text: string) => /^-?\d+(\.\d+)?$/.test(text);

/** Bounds keep their written form, so that no digit of a number is lost. */
function boundsOf(item: MapNode, problems: Problems): { readonly min: string | null; readonly max: string | null } | undefined {
  const [min, max] = ['min', 'max'].map((key) => {
    const held = child(item, key);
    return held?.kind === 'scalar' && held.value !== null ? (typeof held.value === 'string' ? held.value : held.text) : null;
  });
  const numbers = [min, max].map((text) => (text == null ? Number.NaN : Number(text)));
  if ((numbers[0] ?? 0) > (numbers[1] ?? 0)) {
    refuse(item, 'min', '`min` is above `max`, so no run would pass.', problems);
    return undefined;
  }
  return { min: min ?? null, max: max ?? null };
}

function refuse(item: MapNode, key: string, what: string, problems: Problems): void {
  problems.add({ code: 'HYG-1013', what, tryThis: ['Correct one of the two values.'], spot: entry(item, key)?.spot ?? item.spot });
}

interface AskedSource {
  /** The type of the home, such as `postgres`. */
  readonly type: string;
  readonly family: Family;
  readonly queryProblem: HomeSide['queryProblem'];
}

/** Reports each check that the source can't answer. */
export function refuseUnanswerable(
  checks: readonly Placed<DraftCheck>[],
  { type, family, queryProblem }: AskedSource,
  problems: Problems,
): void {
  for (const { value, spot } of checks) {
    if (value.type === 'freshness' && value.column === null && family !== 'files')
      problems.add({
        code: 'HYG-1107',
        what: `The check ${quoted(value.name)} names no column, and a home of type ${quoted(type)} has no files with an age.`,
        tryThis: ['Name a column that contains times: `column: updated_at`.'],
        spot,
      });
    if (value.type !== 'sql') continue;
    const wrong = queryProblem === undefined ? undefined : queryProblem(value.query);
    if (queryProblem === undefined)
      problems.add({
        code: 'HYG-1107',
        what: `The check ${quoted(value.name)} needs SQL, and a home of type ${quoted(type)} is not a database.`,
        tryThis: ['Use a check that counts rows or values: `type: volume`, `completeness` or `range`.'],
        spot,
      });
    else if (wrong !== undefined)
      problems.add({
        code: 'HYG-1107',
        what: `The query of the check ${quoted(value.name)} can't be run.`,
        why: [wrong],
        tryThis: ['Write one SELECT that returns one number: `SELECT count(*) AS n FROM orders WHERE amount < 0`.'],
        spot,
      });
  }
}
