/** Writes a contract that all existing rows satisfy, in hygge’s own form, or as a document of the Open Data Contract Standard. */
import { counted } from '../../errors/as-argument.ts';
import { asYaml } from '../../errors/as-yaml.ts';
import { describeType } from '../../frames/describe-type.ts';
import type { Column, DataType } from '../../frames/schema.ts';
import type { Json } from '../../ports/values.ts';

/** The facts from which a contract is proposed. */
export interface ContractEvidence {
  readonly flow: string;
  readonly entity: string;
  /** The name for messages: `shop.orders`. */
  readonly shown: string;
  readonly columns: readonly Column[];
  /** All existing rows. Null: no rows were read, or the entity has too many rows. */
  readonly rows: readonly (readonly Json[])[] | null;
  /** Whether the rows are settled rows, or rows of the source. */
  readonly kind: 'settled' | 'source';
}

/** The rules that are proposed for a column, with the evidence for each rule. Undefined: the rule is not proposed. */
interface Proposal {
  readonly name: string;
  readonly type: DataType;
  /** The comment for a column that may be null. */
  readonly nulls?: string;
  readonly required?: string;
  readonly notBelowZero?: string;
  readonly values?: { readonly texts: readonly string[]; readonly seen: string };
}

export function contractText(evidence: ContractEvidence): string {
  const lines = proposals(evidence).map(({ name, type, nulls, required, notBelowZero, values }) => {
    const keys = [
      `type: ${asYaml(describeType(type))}`,
      ...(required === undefined ? [] : ['nullable: false']),
      ...(notBelowZero === undefined ? [] : ['min: 0']),
      ...(values === undefined ? [] : [`in: ${listOf(values.texts)}`]),
    ];
    const seen = [required ?? nulls, notBelowZero, values?.seen].filter((text) => text !== undefined);
    return `  ${asYaml(name)}: { ${keys.join(', ')} }${comment(seen.join('; '))}`;
  });
  return [`# Proposed from ${origin(evidence)}.`, 'columns:', ...lines, ''].join('\n');
}

/** The contract as a document of the standard. The object in it has the name of the entity, by which hygge finds the object again. */
export function odcsText(evidence: ContractEvidence): string {
  const { flow, entity } = evidence;
  const properties = proposals(evidence).flatMap(({ name, type, nulls, required, notBelowZero, values }) => {
    const { logicalType, options } = logical(type);
    const bounds = [...options, ...(notBelowZero === undefined ? [] : ['minimum: 0'])];
    return [
      `      - name: ${asYaml(name)}${comment(required === undefined ? nulls : undefined)}`,
      ...(logicalType === null ? [] : [`        logicalType: ${logicalType}`]),
      ...(bounds.length === 0 ? [] : [`        logicalTypeOptions: { ${bounds.join(', ')} }${comment(notBelowZero)}`]),
      ...(required === undefined ? [] : [`        required: true${comment(required)}`]),
      ...(values === undefined
        ? []
        : [
            '        quality:',
            `          - { type: library, metric: invalidValues, arguments: { validValues: ${listOf(values.texts)} }, mustBe: 0 }${comment(values.seen)}`,
          ]),
      `        customProperties: [{ property: hyggeType, value: ${JSON.stringify(describeType(type))} }]`,
    ];
  });
  const id = `${flow}-${entity}`.replace(/[^A-Za-z0-9_-]+/g, '-');
  return [
    `# Proposed from ${origin(evidence)}.`,
    'apiVersion: v3.1.0',
    'kind: DataContract',
    `id: ${asYaml(id)}`,
    'version: 1.0.0',
    'status: draft',
    'schema:',
    `  - name: ${asYaml(entity)}`,
    '    properties:',
    ...properties,
    '',
  ].join('\n');
}

function origin({ shown, rows, kind }: ContractEvidence): string {
  if (rows === null) return `the columns of ${shown}; its rows were not read`;
  return kind === 'settled'
    ? `${counted(rows.length, 'settled row')} of ${shown}`
    : `${counted(rows.length, 'row')} of the source of ${shown}`;
}

const comment = (text: string | undefined): string => (text === undefined || text === '' ? '' : ` # ${text}`);
const listOf = (texts: readonly string[]): string => `[${texts.map((text) => JSON.stringify(text)).join(', ')}]`;

const proposals = ({ columns, rows }: ContractEvidence): readonly Proposal[] =>
  columns.map((column, at) => proposed(column, rows === null || rows.length === 0 ? null : rows.map((row) => row[at] ?? null)));

function proposed({ name, type, nullable }: Column, values: readonly Json[] | null): Proposal {
  const present = (values ?? []).filter((value) => value !== null);
  const nulls = (values ?? []).length - present.length;
  const isRequired = !nullable || (values !== null && nulls === 0);
  const isPositive = present.length > 0 && /^(u?int|decimal|float)/.test(type.kind) && present.every((value) => Number(value) >= 0);
  const texts = type.kind === 'string' ? shortList(present) : null;
  return {
    name,
    type,
    ...(isRequired ? { required: nullable ? `${counted(present.length, 'row')}, none null` : 'never null, as its type says' } : {}),
    ...(isRequired || values === null ? {} : { nulls: `${counted(nulls, 'null')} in ${counted(values.length, 'row')}` }),
    ...(isPositive ? { notBelowZero: 'none below 0' } : {}),
    ...(texts === null ? {} : { values: { texts, seen: `no other value in ${counted(present.length, 'row')}` } }),
  };
}

/** The values of a column, if they are a few short words that repeat and contain no digits. Such words are not personal data. Null: the values are of another kind. */
function shortList(values: readonly Json[]): readonly string[] | null {
  const texts = [...new Set(values.map(String))].sort();
  const isWord = (text: string) => /^[\p{L}_ -]{1,20}$/u.test(text);
  return texts.length > 0 && texts.length <= 10 && values.length >= texts.length * 5 && texts.every(isWord) ? texts : null;
}

/** The name of a type in the standard, with its options. Null: the standard has no name for the type. */
function logical(type: DataType): { readonly logicalType: string | null; readonly options: readonly string[] } {
  const plain = (logicalType: string | null, ...options: readonly string[]) => ({ logicalType, options });
  switch (type.kind) {
    case 'bool':
      return plain('boolean');
    case 'float32':
      return plain('number', 'format: f32');
    case 'float64':
      return plain('number', 'format: f64');
    case 'decimal':
      return plain(type.scale === 0 ? 'integer' : 'number');
    case 'string':
    case 'json':
    case 'uuid':
      return plain('string');
    case 'binary':
      return plain('string', 'format: binary');
    case 'timestamp':
      return plain('timestamp', ...(type.zone === undefined ? [] : ['timezone: true']));
    case 'date':
    case 'time':
      return plain(type.kind);
    case 'list':
      return plain('array');
    case 'struct':
      return plain('object');
    case 'duration':
    case 'null':
      return plain(null);
    default:
      return plain('integer');
  }
}
