/** `validation:` of one entity: its contract, its checks, and the expectations of the contract for the source. */

import * as z from 'zod';
import type { StoreSide } from '../../engine/contracts/connector.ts';
import type { ValidationSpec } from '../../engine/contracts/validation.ts';
import { counted } from '../../errors/as-argument.ts';
import { describeType, sameType } from '../../frames/describe-type.ts';
import type { Rule, Severity } from '../../frames/rules/rule.ts';
import type { Column, Schema } from '../../frames/schema.ts';
import { check } from '../check/check.ts';
import { fillTemplates, type Templates } from '../read/interpolate.ts';
import { columnType, parseTypeNode } from '../schema/column-type.ts';
import { validationSchema, type WrittenValidation } from '../schema/validation-schema.ts';
import { type Problems, quoted } from '../yaml/problems.ts';
import { type SourceText, whereIs } from '../yaml/source.ts';
import { child, type MapNode, type Scalar, type Tree } from '../yaml/tree.ts';
import { checksOf } from './checks.ts';
import { ColumnRules } from './columns.ts';
import type { Contract, DraftCheck, Placed } from './contract.ts';
import type { NamedFile, NamedFiles } from './named-files.ts';
import { isOdcs, readOdcs } from './odcs.ts';
import { checkColumnNames, parseFile, readContract, uniqueNames } from './read-contract.ts';

export interface EntityContract {
  /** The rules; undefined: the entity has no validation. */
  readonly validation?: ValidationSpec;
  /** The columns that the source should have; null: the contract has no expectation. */
  readonly expected: Schema | null;
  /** Columns that `expected` does not name are compared with the settled ones. */
  readonly isPartial: boolean;
  /** The checks, each with its line in the file. */
  readonly checks: readonly Placed<DraftCheck>[];
}

interface Naming {
  readonly entity: string;
  readonly flow: string;
  /** Names for queries of the source. */
  readonly templates: Templates;
  readonly files: NamedFiles;
  readonly problems: Problems;
}

/** The requirements for an entity’s rows and columns, from the merged layers. Errors are added to `problems`. */
export async function settleContract(tree: MapNode, naming: Naming): Promise<EntityContract> {
  const written = child(child(tree, 'schema'), 'expected_schema_path');
  const path = filled(written);
  const schema = path === undefined ? null : await expectedSchema(path, naming);
  const validation = child(tree, 'validation');
  const subject = { name: 'validation', spot: tree.spot, prefix: ['validation'] };
  const read = validation?.kind === 'map' ? check(validationSchema, validation, subject, naming.problems)?.value : undefined;
  if (validation?.kind !== 'map' || read === undefined) return { expected: schema, isPartial: false, checks: [] };
  const named = filled(child(validation, 'contract'));
  const contract = named === undefined ? null : await contractIn(named, naming);
  const { spec, checks } = specOf({ tree: validation, read, contract, named, templates: naming.templates }, naming.problems);
  const asked = contract === null ? null : columnsOf(contract);
  if (contract !== null && schema !== null && path !== undefined) mustAgree({ schema, path, contract, named }, naming.problems);
  return {
    ...(spec === undefined ? {} : { validation: spec }),
    expected: schema ?? asked,
    isPartial: schema === null && asked !== null && contract?.isComplete === false,
    checks,
  };
}

function filled(tree: Tree | undefined): Scalar | undefined {
  return tree?.kind === 'scalar' && tree.value !== null && tree.text !== '' ? tree : undefined;
}

const about = {
  key: 'validation.contract',
  holds: 'a contract',
  why: 'A contract is part of the workspace, so it must move with the workspace.',
  example: 'contracts/users.yml',
  without: 'Or remove the key. Rows are then not judged.',
} as const;

async function contractIn(written: Scalar, { entity, flow, files, problems }: Naming): Promise<Contract | null> {
  const [, path = written.text, object] = /^(.*)#([^#]*)$/s.exec(written.text) ?? [];
  // The object of a data contract for this entity. The name of the entity may select the object.
  const named = { ...about, entity, flow, problems, part: object ?? entity };
  return files.read({ ...written, text: path }, named, (source, kept) =>
    contractOf(source, { named: { ...named, problems: kept }, files, object }),
  );
}

interface ContractFile {
  readonly named: NamedFile;
  readonly files: NamedFiles;
  /** The part of the config value after the file's name. */
  readonly object: string | undefined;
}

async function contractOf(source: SourceText, { named, files, object }: ContractFile): Promise<Contract | null> {
  const { problems } = named;
  const tree = parseFile(source, problems);
  if (tree === undefined) return null;
  if (isOdcs(source.name, tree)) return readOdcs(tree, { object, entity: named.entity, problems });
  return readContract(tree, {
    problems,
    listIn: (path) =>
      files.read(
        path,
        {
          ...named,
          key: 'in_file',
          holds: 'the possible values',
          example: 'contracts/countries.txt',
          without: 'Or write the values: `in: [a, b]`.',
        },
        (list, kept) => valuesIn(list, path, kept),
      ),
  });
}

const mostBytes = 1_000_000;
const mostValues = 10_000;

/** The values of a file, one per line, as written; a last empty line does not count. Null: the problem with the list was reported. */
function valuesIn({ name, text }: SourceText, written: Scalar, problems: Problems): readonly string[] | null {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  const wrong =
    lines.length === 0
      ? `${quoted(name)} contains no value, so no row would pass.`
      : text.length > mostBytes || lines.length > mostValues
        ? `${quoted(name)} is too large for a list of values: it has ${counted(lines.length, 'line')}.`
        : undefined;
  if (wrong === undefined) return lines;
  problems.add({
    code: 'HYG-1013',
    what: wrong,
    tryThis:
      lines.length === 0
        ? ['Write the possible values, one a line.']
        : [`Name at most ${mostValues.toLocaleString('en')} values in at most 1 MB.`],
    spot: written.spot,
  });
  return null;
}

/** Nulls are checked row by row. So a source meets the contract if its column is nullable but has no nulls. */
function columnsOf({ columns }: Contract): Schema | null {
  const typed = columns.flatMap(({ name, type }) => (type === null ? [] : [{ name, type, nullable: true }]));
  return typed.length === 0 ? null : { columns: typed };
}

interface WrittenParts {
  readonly tree: MapNode;
  readonly read: WrittenValidation;
  readonly contract: Contract | null;
  readonly named: Scalar | undefined;
  readonly templates: Naming['templates'];
}

function specOf(
  { tree, read, contract, named, templates }: WrittenParts,
  problems: Problems,
): { readonly spec: ValidationSpec | undefined; readonly checks: readonly Placed<DraftCheck>[] } {
  const mode: Severity = read.mode === undefined || read.mode === 'strict' ? 'fail' : read.mode;
  const written = checksOf(child(child(tree, 'quality'), 'checks'), read.quality?.checks ?? [], problems);
  const own = written.map(({ value, spot }) => ({
    value: value.type === 'sql' ? { ...value, query: fillTemplates(value.query, templates) } : value,
    spot,
  }));
  // A check of the config replaces an equal check of the contract.
  const drafts = [...(contract?.checks ?? []).filter(({ value }) => !own.some((one) => one.value.name === value.name)), ...own];
  uniqueNames(drafts, 'check', problems);
  const rules = [...(contract?.rules ?? []).map(({ value }) => value), ...(contract === null ? [] : presence(contract))].map((rule) => ({
    ...rule,
    severity: rule.severity ?? mode,
  }));
  const { max_quarantined: maxQuarantined = null, keep_quarantined: keepQuarantinedMs = null } = read;
  const isAboutQuarantine = maxQuarantined !== null || keepQuarantinedMs !== null;
  if (rules.length === 0 && drafts.length === 0 && contract === null && !isAboutQuarantine) return { spec: undefined, checks: [] };
  return {
    spec: {
      contract: named?.shown ?? null,
      needed: (contract?.columns ?? []).filter(({ optional }) => !optional).map(({ name }) => name),
      optional: (contract?.columns ?? []).filter(({ optional }) => optional).map(({ name }) => name),
      mode,
      rules,
      checks: drafts.map(({ value }) => ({ ...value, onFail: value.onFail ?? mode })),
      maxQuarantined,
      keepQuarantinedMs,
      samples: read.samples ?? 'mask',
    },
    checks: drafts,
  };
}

/** How the store applies the checks. Only some stores can put rows with a repeated key into quarantine. */
export function asStoreJudges(validation: ValidationSpec, store: Pick<StoreSide, 'setsRepeatsApart'> | undefined): ValidationSpec {
  if (store?.setsRepeatsApart !== true) return validation;
  return { ...validation, checks: validation.checks.map((check) => (check.type === 'uniqueness' ? { ...check, setsApart: true } : check)) };
}

/** A column that the contract only names must exist. */
function presence({ columns, rules }: Contract): readonly Rule[] {
  const judged = new Set(rules.map(({ value }) => value.column));
  return columns.filter(({ name, type }) => type === null && !judged.has(name)).map(({ name }) => new ColumnRules(name, {}).there(null));
}

interface BothPlaces {
  readonly schema: Schema;
  readonly path: Scalar;
  readonly contract: Contract;
  readonly named: Scalar | undefined;
}

/** A contract and an expected schema must agree about a column that both name. */
function mustAgree({ schema, path, contract, named }: BothPlaces, problems: Problems): void {
  const other = whereIs(path.spot);
  const place = `${quoted(path.shown)}, which ${other.file}, line ${other.line}, names`;
  const disagree = (what: string, spot: Placed<unknown>['spot']) =>
    problems.add({
      code: 'HYG-1102',
      what,
      why: [`The other list is ${place}.`, 'Contract and expected schema both list the columns of the source.'],
      tryThis: ['Correct one of them, or remove `expected_schema_path`, because a contract is also an expected schema.'],
      spot,
    });
  const expected = new Map(schema.columns.map((column) => [column.name, column]));
  for (const { name, type, nullable, spot } of contract.columns) {
    const one = expected.get(name);
    if (one === undefined) disagree(`${quoted(name)} is a column of the contract, and not of the expected schema.`, spot);
    else if (type !== null && !sameType(type, one.type))
      disagree(`${quoted(name)} is ${describeType(type)} in the contract, and ${describeType(one.type)} in the expected schema.`, spot);
    else if (nullable !== one.nullable)
      disagree(
        `${quoted(name)} ${nullable ? 'may' : 'may not'} be null in the contract, and ${nullable ? 'may not' : 'may'} in the expected schema.`,
        spot,
      );
  }
  const has = new Set(contract.columns.map(({ name }) => name));
  const missing = contract.isComplete ? schema.columns.filter(({ name }) => !has.has(name)) : [];
  for (const { name } of missing)
    disagree(`${quoted(name)} is a column of the expected schema, and not of the contract.`, named?.spot ?? path.spot);
}

const column = z.strictObject({ name: z.string().min(1), type: columnType, nullable: z.boolean().optional() });
const columns = z.array(column).min(1);
const wrapped = z.strictObject({ columns });
const byName = z.record(z.string().min(1), columnType);

/** Messages about the file of a config key, if the file is an expected schema. */
const aboutSchema = {
  key: 'expected_schema_path',
  holds: 'the columns of the source',
  why: 'An expected schema is part of the workspace, so it must move with the workspace.',
  example: 'schemas/users.json',
  without: 'Or remove the key. hygge then expects the columns that settled last.',
} as const;

/** The columns in the file at `path`; null: the problem with the file was reported. */
function expectedSchema(
  path: Scalar,
  {
    entity,
    flow,
    files,
    problems,
  }: { readonly entity: string; readonly flow: string; readonly files: NamedFiles; readonly problems: Problems },
): Promise<Schema | null> {
  return files.read(path, { ...aboutSchema, entity, flow, problems }, (source, kept) => readExpectedSchema(source, kept) ?? null);
}

/**
 * The expected columns of a source, from a file in YAML or JSON. The file has `{ columns: [{ name, type, nullable }] }`, only the list, or a map
 * `name: type`. A column is nullable unless the file says otherwise. Undefined: the problem was reported.
 */
function readExpectedSchema(source: SourceText, problems: Problems): Schema | undefined {
  const before = problems.count;
  const tree = parseFile(source, problems);
  if (tree === undefined) return undefined;
  const read =
    tree.kind === 'map' && child(tree, 'columns')?.kind !== 'list' ? columnsByName(tree, problems) : columnsInOrder(tree, problems);
  return problems.count === before && read !== undefined ? { columns: read } : undefined;
}

function columnsByName(tree: Tree & { readonly kind: 'map' }, problems: Problems): readonly Column[] | undefined {
  const subject = { name: 'an expected schema', spot: tree.spot, prefix: [] };
  if (tree.entries.size === 0) {
    problems.add({
      code: 'HYG-1013',
      what: `${tree.spot.source.name} names no column.`,
      tryThis: ['Write a type for each column: `id: int64`.'],
      spot: tree.spot,
    });
    return undefined;
  }
  if (check(byName, tree, subject, problems) === undefined) return undefined;
  return [...tree.entries].flatMap(([name, { value }]) => {
    const type = parseTypeNode(value);
    return type === undefined ? [] : [{ name, type, nullable: true }];
  });
}

function columnsInOrder(tree: Tree, problems: Problems): readonly Column[] | undefined {
  const subject = { name: 'an expected schema', spot: tree.spot, prefix: [] };
  const read =
    tree.kind === 'map' ? check(wrapped, tree, subject, problems)?.value.columns : check(columns, tree, subject, problems)?.value;
  const list = tree.kind === 'map' ? child(tree, 'columns') : tree;
  const names = (list?.kind === 'list' ? list.items : []).map((item) => child(item, 'name'));
  checkColumnNames(
    names.flatMap((name) => (name?.kind === 'scalar' && name.value !== null ? [{ name: name.text, spot: name.spot }] : [])),
    problems,
  );
  return read?.map(({ name, type, nullable }) => ({ name, type, nullable: nullable ?? true }));
}
