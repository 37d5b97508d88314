/** The columns of a query in the config. The org’s descriptions show the spelling of their names, and their types. */
import { deletedColumn } from '../../engine/contracts/home.ts';
import type { DataType } from '../../frames/schema.ts';
import type { LaterAnswer } from '../requests/requests.ts';
import { badSoql, noDeletedMark, noField, unreadField } from './errors.ts';
import { columnOf, type DescribedField, type DescribedObject, isLeftOut, type OrgColumn } from './metadata.ts';
import type { SoqlItem, SoqlQuery } from './soql-query.ts';

export interface Selected {
  readonly columns: readonly OrgColumn[];
  /** Columns that may change although the record’s time of change stays the same: formulas, and fields of parents. */
  readonly unstamped: readonly string[];
}

interface Around {
  readonly object: DescribedObject;
  describe(object: string): Promise<DescribedObject | LaterAnswer>;
  readonly declared: ReadonlyMap<string, DataType>;
  readonly deleted: boolean;
}

/** The columns of a query. Throws HomeError HYG-3690 if the org lacks a field of the query. */
export async function selectedColumns(query: SoqlQuery, { object, describe, declared, deleted }: Around): Promise<Selected | LaterAnswer> {
  const known = new Map([[object.name, object]]);
  const columns: OrgColumn[] = [];
  const unstamped: string[] = [];
  for (const item of query.items) {
    const found = await fieldOf(item, { object, describe, known });
    if ('notBefore' in found) return found;
    const column = columnOfItem(item, found, declared);
    columns.push(column);
    if (!query.isAggregate && (found.way.length > 1 || found.field.calculated)) unstamped.push(column.name);
  }
  const strange = [...declared.keys()].find((name) => !columns.some((column) => column.name === name));
  if (strange !== undefined)
    throw noField(
      object.name,
      strange,
      columns.map(({ name }) => name),
    );
  if (!deleted) return { columns, unstamped };
  if (query.isAggregate) throw badSoql('Groups of records are never deleted, but deleted: true is set.', ['Set deleted: false']);
  if (!object.fields.some(({ name }) => name === 'IsDeleted')) throw noDeletedMark(object.name);
  const mark: OrgColumn = { name: deletedColumn, type: { kind: 'bool' }, nullable: false };
  return { columns: [...columns.filter(({ name }) => name !== 'IsDeleted'), mark], unstamped };
}

interface FoundField {
  readonly field: DescribedField;
  /** The names on the path to the field, spelled as in the org. */
  readonly way: readonly string[];
}

async function fieldOf(
  item: SoqlItem,
  { object, describe, known }: Pick<Around, 'object' | 'describe'> & { readonly known: Map<string, DescribedObject> },
): Promise<FoundField | LaterAnswer> {
  const way: string[] = [];
  let at = object;
  for (const [i, name] of item.field.entries()) {
    if (i === item.field.length - 1) {
      const field = at.fields.find((one) => isSame(one.name, name));
      if (field === undefined)
        throw noField(
          at.name,
          name,
          at.fields.map((one) => one.name),
        );
      if (isLeftOut(field)) throw unreadField(at.name, field.name, field.type);
      return { field, way: [...way, field.name] };
    }
    const reference = at.fields.find(({ relationshipName }) => relationshipName != null && isSame(relationshipName, name));
    if (reference?.relationshipName == null)
      throw noField(
        at.name,
        name,
        at.fields.flatMap(({ relationshipName }) => relationshipName ?? []),
      );
    way.push(reference.relationshipName);
    const [parent, other] = reference.referenceTo;
    // If a reference may point to several objects, the query sees the referenced record as an object Name: https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_name.htm
    const parentName = other === undefined ? (parent ?? '') : 'Name';
    const described = known.get(parentName) ?? (await describe(parentName));
    if ('notBefore' in described) return described;
    known.set(parentName, described);
    at = described;
  }
  throw badSoql(`The query has no field in ${item.text}.`);
}

const isSame = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

function columnOfItem(item: SoqlItem, { field, way }: FoundField, declared: ReadonlyMap<string, DataType>): OrgColumn {
  const { function: called, alias } = item;
  const path = alias === undefined && called === undefined ? way : item.path;
  const name = path.join('_');
  const plain = columnOf(field, declared);
  const type = declared.get(name) ?? typeOfCall(called) ?? columnOf(field, new Map()).type;
  const written = called === undefined ? way.join('.') : `${called}(${way.join('.')})`;
  return {
    ...{ name, type, nullable: called !== undefined || way.length > 1 || plain.nullable },
    ...(called === undefined ? (plain.sourceType === undefined ? {} : { sourceType: plain.sourceType }) : { sourceType: written }),
    ...{ source: alias === undefined ? written : `${written} ${alias}`, path },
  };
}

/** The type of a function’s result. Undefined: the result has the type of the field. https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_select_agg_functions.htm */
function typeOfCall(called: string | undefined): DataType | undefined {
  if (called === undefined || called === 'MIN' || called === 'MAX') return undefined;
  if (called === 'COUNT' || called === 'COUNT_DISTINCT') return { kind: 'int64' };
  if (called === 'SUM' || called === 'AVG') return { kind: 'float64' };
  return called === 'DAY_ONLY' ? { kind: 'date' } : { kind: 'int32' };
}
