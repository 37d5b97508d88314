import type { Rule, Severity } from '../../frames/rules/rule.ts';
import { check } from '../check/check.ts';
import { parseTypeNode } from '../schema/column-type.ts';
import { contractColumn, contractFrame, listedColumn } from '../schema/validation-schema.ts';
import { type Problems, quoted } from '../yaml/problems.ts';
import { type SourceText, type Spot, whereIs } from '../yaml/source.ts';
import { child, entry, type MapNode, mapping, type Scalar, type Tree, textOf } from '../yaml/tree.ts';
import { parseTree } from '../yaml/yaml-tree.ts';
import { type Around, type ColumnNode, rulesOfColumn } from './columns.ts';
import type { Contract, ContractColumn, DraftCheck, Placed } from './contract.ts';
import { type Condition, expressionProblem } from './expressions.ts';

/** The tree of a YAML or JSON file. Undefined: the problem was reported. */
export function parseFile(source: SourceText, problems: Problems): Tree | undefined {
  // A JSON file may be indented with tabs. Each tab becomes one space, so that columns in messages stay the same.
  const text = /\.json$/i.test(source.name) ? source.text.replaceAll('\t', ' ') : source.text;
  return parseTree({ ...source, text }, problems);
}

/** A contract in hygge's own form: `columns` as a list or by name, `unique`, `rules`; or an expected schema, which is a list of columns or a map of their types. Null: the problem was reported. */
export async function readContract(tree: Tree, around: Around): Promise<Contract | null> {
  const { problems } = around;
  const before = problems.count;
  const frame = framed(tree);
  const subject = { name: 'a contract', spot: tree.spot, prefix: [] };
  const read = check(contractFrame, frame, subject, problems)?.value;
  const nodes = columnNodes(child(frame, 'columns'), problems);
  if (read === undefined || nodes === undefined || problems.count > before) return null;
  const columns = nodes.map(
    ({ name, spot, read }): ContractColumn => ({
      name,
      spot,
      type: read.type ?? null,
      nullable: read.nullable ?? true,
      optional: read.optional ?? false,
    }),
  );
  const untyped = columns.find(({ type }) => type === null);
  const isComplete = read.complete ?? (columns.length > 0 && untyped === undefined);
  if (isComplete && (untyped !== undefined || columns.length === 0)) {
    problems.add({
      code: 'HYG-1012',
      what: untyped
        ? `\`type\` is missing: ${quoted(untyped.name)} needs it in a contract that is \`complete\`.`
        : '`columns` is missing: a contract that is `complete` needs it.',
      tryThis: ['Name each column with its type.', 'Or remove `complete`. Columns that the contract does not name then settle as before.'],
      spot: untyped?.spot ?? entry(frame, 'complete')?.spot ?? tree.spot,
      missing: 'columns',
    });
    return null;
  }
  const known = { names: new Set(columns.map(({ name }) => name)), isComplete };
  const perColumn: Placed<Rule>[] = [];
  for (const node of nodes) {
    perColumn.push(...(await rulesOfColumn(node, around)));
    checkOthers(node, known, problems);
  }
  const rules: readonly PlacedRule[] = [...perColumn, ...ownRules(child(frame, 'rules'))];
  const checks = [...uniqueColumns(nodes), ...uniqueTogether(child(frame, 'unique'), known, problems)];
  uniqueNames(rules, 'rule', problems);
  if (columns.length + rules.length + checks.length === 0 && problems.count === before)
    problems.add({
      code: 'HYG-1013',
      what: `${tree.spot.source.name} has no effect: it names neither a column nor a rule.`,
      tryThis: ['Describe the rows, for example: `columns: { id: { type: int64, nullable: false } }`', 'Or name no contract.'],
      spot: tree.spot,
    });
  // Expressions are tried only if the contract has no other error, so that a missing column is reported once.
  if (problems.count === before) await tryExpressions(rules, { columns, isComplete }, problems);
  return problems.count > before ? null : { columns, isComplete, rules, checks };
}

/** The forms of an expected schema are contracts as well: a list of columns, or a map of types. */
function framed(tree: Tree): MapNode {
  const spot = tree.spot;
  const asColumns = (value: Tree) => mapping(spot, [['columns', { spot, value, weight: 'explicit' }]]);
  if (tree.kind !== 'map') return asColumns(tree);
  const columns = child(tree, 'columns');
  const isBare = tree.entries.size > 0 && [...tree.entries.values()].every(({ value }) => value.kind === 'scalar') && !isOfContract(tree);
  return (columns === undefined || columns.kind === 'scalar') && isBare ? asColumns(tree) : tree;
}

/** `complete: false` or a description alone do not define columns. */
function isOfContract({ entries }: MapNode): boolean {
  return (
    ![...entries].some(([, { value }]) => parseTypeNode(value) !== undefined) &&
    [...entries.keys()].every((key) => key in contractFrame.shape)
  );
}

function columnNodes(tree: Tree | undefined, problems: Problems): readonly ColumnNode[] | undefined {
  if (tree === undefined) return [];
  if (tree.kind === 'scalar') {
    problems.add({
      code: 'HYG-1011',
      what: '`columns` needs a list of columns, or a map of them.',
      tryThis: ['Write `columns: [{ name: id, type: int64 }]`, or `columns: { id: int64 }`.'],
      spot: tree.spot,
    });
    return undefined;
  }
  const items =
    tree.kind === 'list'
      ? tree.items.map((item, at) => ({ item, at: String(at), spot: child(item, 'name')?.spot ?? item.spot }))
      : [...tree.entries].map(([at, { value, spot }]) => ({ item: value, at, spot }));
  if (items.length === 0) {
    problems.add({
      code: 'HYG-1013',
      what: `${tree.spot.source.name} names no column.`,
      tryThis: ['Write a type for each column: `id: int64`.'],
      spot: tree.spot,
    });
    return undefined;
  }
  const nodes = items.map(({ item, at, spot }): ColumnNode | undefined => {
    const subject = { name: 'a column of a contract', spot: item.spot, prefix: ['columns', at] };
    if (tree.kind === 'list') {
      const read = check(listedColumn, item, subject, problems)?.value;
      return read === undefined || item.kind !== 'map' ? undefined : { name: textOf(item, 'name') ?? read.name, spot, tree: item, read };
    }
    // `id: int64` is short for `id: { type: int64 }`.
    const own = item.kind === 'map' ? item : mapping(item.spot, [['type', { spot: item.spot, value: item, weight: 'explicit' }]]);
    const read = check(contractColumn, own, subject, problems)?.value;
    return read === undefined ? undefined : { name: at, spot, tree: own, read };
  });
  const all = nodes.filter((node) => node !== undefined);
  checkColumnNames(all, problems);
  return all.length === items.length ? all : undefined;
}

/** Reports columns with the same name. */
export function checkColumnNames(columns: Iterable<{ readonly name: string; readonly spot: Spot }>, problems: Problems): void {
  const seen = new Map<string, Spot>();
  for (const { name, spot } of columns) {
    const other = seen.get(name);
    if (other === undefined) seen.set(name, spot);
    else
      problems.add({
        code: 'HYG-1018',
        what: `The column ${quoted(name)} occurs twice.`,
        why: [`The other one is in line ${whereIs(other).line}.`],
        tryThis: ['Remove one of the two.'],
        spot,
      });
  }
}

interface KnownColumns {
  readonly names: ReadonlySet<string>;
  readonly isComplete: boolean;
}

function checkOthers({ name, tree }: ColumnNode, { names, isComplete }: KnownColumns, problems: Problems): void {
  for (const key of ['less_than', 'at_most', 'more_than', 'at_least']) {
    const other = child(tree, key);
    if (other?.kind !== 'scalar') continue;
    if (other.text === name) noOther(other, `${quoted(key)} compares ${quoted(name)} with itself.`, problems);
    else if (isComplete && !names.has(other.text)) noColumn(other, problems);
  }
}

function noOther({ spot }: Tree, what: string, problems: Problems, more: readonly string[] = []): void {
  problems.add({ code: 'HYG-1013', what, tryThis: ['Name another column of the contract.', ...more], spot });
}

function noColumn(named: Scalar, problems: Problems): void {
  noOther(named, `There is no column ${quoted(named.text)} in the contract.`, problems, [addColumn(named.text)]);
}

const addColumn = (name: string) => `Or add ${quoted(name)} to \`columns\`, with the type that it settles with.`;

function uniqueColumns(nodes: readonly ColumnNode[]): readonly Placed<DraftCheck>[] {
  return nodes
    .filter(({ read }) => read.unique === true)
    .map(({ name, tree, spot, read }) => ({
      spot: entry(tree, 'unique')?.spot ?? spot,
      value: uniqueness([name], read.severity),
    }));
}

/** @param severity undefined: `validation.mode` decides. */
export function uniqueness(columns: readonly string[], severity?: Severity): DraftCheck {
  return { type: 'uniqueness', name: `uniqueness ${columns.join(', ')}`, columns, ...(severity === undefined ? {} : { onFail: severity }) };
}

function uniqueTogether(tree: Tree | undefined, { names, isComplete }: KnownColumns, problems: Problems): readonly Placed<DraftCheck>[] {
  if (tree?.kind !== 'list') return [];
  return tree.items.map((item) => {
    const columns = (item.kind === 'list' ? item.items : []).flatMap((one) => (one.kind === 'scalar' ? [one] : []));
    for (const column of columns) if (isComplete && !names.has(column.text)) noColumn(column, problems);
    return { spot: item.spot, value: uniqueness(columns.map(({ text }) => text)) };
  });
}

/** An error of `when`, a separate condition, is reported at the line of `when`. */
type PlacedRule = Placed<Rule> & { readonly when?: Spot | undefined };

function ownRules(tree: Tree | undefined): readonly PlacedRule[] {
  if (tree?.kind !== 'list') return [];
  return tree.items.map((item) => {
    const severity = textOf(item, 'severity') as Severity | undefined;
    const value: Rule = {
      name: textOf(item, 'name') ?? '',
      ...(severity === undefined ? {} : { severity }),
      column: null,
      what: 'holds',
      check: expressionAt(item, 'check') ?? '',
      when: expressionAt(item, 'when') ?? null,
    };
    return { spot: child(item, 'check')?.spot ?? item.spot, value, when: child(item, 'when')?.spot };
  });
}

/** The text that YAML reads, not its written form: escapes and folded lines are not part of an expression. */
function expressionAt(item: Tree, key: string): string | undefined {
  const held = child(item, key);
  return held?.kind === 'scalar' && held.value !== null
    ? String(typeof held.value === 'string' ? held.value : held.text).trim()
    : undefined;
}

export function uniqueNames(
  all: readonly Placed<{ readonly name: string }>[],
  kind: 'rule' | 'check' | 'column',
  problems: Problems,
): void {
  const seen = new Map<string, Spot>();
  for (const { value, spot } of all) {
    const other = seen.get(value.name);
    if (other === undefined) seen.set(value.name, spot);
    else
      problems.add({
        code: 'HYG-1018',
        what: `The ${kind} ${quoted(value.name)} occurs twice.`,
        why: [`The other one is in ${other.source.name}, line ${whereIs(other).line}. Reports show both by their names.`],
        tryThis: ['Give one of the two another `name`, or remove it.'],
        spot,
      });
  }
}

export async function tryExpressions(
  rules: readonly PlacedRule[],
  { columns, isComplete }: Pick<Contract, 'columns' | 'isComplete'>,
  problems: Problems,
): Promise<void> {
  const typed = columns.flatMap(({ name, type }) => (type === null ? [] : [{ name, type, nullable: true }]));
  for (const { value, spot, when } of rules) {
    if (value.what !== 'holds') continue;
    const asked = (rule: Condition) => expressionProblem(rule, { columns: typed }, !isComplete);
    const ofWhen = value.when === null || when === undefined ? null : await asked({ ...value, check: value.when, when: null });
    const problem = ofWhen ?? (await asked(value));
    if (problem !== null)
      problems.add({
        code: 'HYG-1101',
        what: `The rule ${quoted(value.name)}${ofWhen === null ? '' : ', `when`'}: ${problem.wrong}`,
        why: ["A rule's condition is an expression over one row, in the SQL of Polars."],
        tryThis: [
          'Correct the condition: write texts in single quotes, and columns without quotes or in double quotes. For a condition on all rows together, use a check.',
          ...(problem.missing === null ? [] : [addColumn(problem.missing)]),
        ],
        spot: ofWhen === null ? spot : (when ?? spot),
      });
  }
}
