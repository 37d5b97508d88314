/** The Entity Data Model of a service: the elements of `$metadata` that are needed to read rows, in OData CSDL XML 4.0 and 4.01. */
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import type { DataType } from '../../frames/schema.ts';

/** A property whose value is in the record. */
export interface EdmProperty {
  readonly name: string;
  /** The type as written, with aliases resolved: `Edm.Int32`, `Shop.Address`, `Collection(Edm.String)`. */
  readonly type: string;
  /** The number of digits. Undefined: the metadata has no number here, or says `variable` or `floating`. */
  readonly precision: number | undefined;
  readonly scale: number | undefined;
  /** Whether a record may have null in this property. */
  readonly isNullable: boolean;
}

export interface EdmType {
  readonly name: string;
  readonly kind: 'entity' | 'complex' | 'enum' | 'definition';
  readonly base: string | undefined;
  /** Whether records may have properties that the metadata does not list. */
  readonly isOpen: boolean;
  /** `keys`, `properties`: of the type itself, without those of its base type `base`. */
  readonly keys: readonly string[];
  readonly properties: readonly EdmProperty[];
  /** The names of navigation properties, with the target type of each property, without `Collection()`. */
  readonly navigations: ReadonlyMap<string, string>;
  /** The underlying type of a type definition. */
  readonly underlying: EdmProperty | undefined;
}

export interface Edm {
  /** The types, by their full names. */
  readonly types: ReadonlyMap<string, EdmType>;
  /** The type of each entity set, by the name of the set. */
  readonly sets: ReadonlyMap<string, string>;
  /** The names of the entity sets that track changes, according to the metadata. */
  readonly tracked: ReadonlySet<string>;
  readonly singletons: ReadonlyMap<string, string>;
}

/** The target of a path: an entity type with the properties of its base types. */
export interface EdmEntity {
  readonly keys: readonly string[];
  readonly properties: readonly EdmProperty[];
  /** The names of navigation properties. */
  readonly navigations: readonly string[];
  /** The entity sets that may have the same records: the set of the path, or for a navigation property, all sets of its type. */
  readonly sets: readonly string[];
  readonly isOpen: boolean;
}

/** Thrown for a document that is not metadata of OData v4. The message is a sentence. */
export class NotEdm extends Error {}

type Element = { readonly [name: string]: string | readonly Element[] | undefined };

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '',
  removeNSPrefix: true,
  parseAttributeValue: false,
  // The children of an element are always a list, even if the element has only one child.
  isArray: (_name, _path, _isLeaf, isAttribute) => !isAttribute,
});

/** Parses the metadata of a service. Throws NotEdm. */
export function readEdm(text: string): Edm {
  if (XMLValidator.validate(text) !== true) throw new NotEdm('The answer is not a whole XML document.');
  const document = parser.parse(text) as Element;
  const [edmx] = inside(document, 'Edmx');
  if (edmx === undefined) throw new NotEdm('The answer is XML, but not metadata: it has no element Edmx.');
  if (!String(edmx.Version ?? '').startsWith('4'))
    throw new NotEdm(`The answer is metadata of OData ${edmx.Version === '1.0' ? 'v2 or v3' : String(edmx.Version)}, but hygge reads v4.`);
  const schemas = inside(edmx, 'DataServices').flatMap((services) => inside(services, 'Schema'));
  const aliases = new Map(schemas.flatMap(({ Alias, Namespace }) => (Alias ? [[String(Alias), String(Namespace)]] : [])));
  const whole = (name: string) => fullName(name, aliases);
  const types = new Map<string, EdmType>();
  const [sets, singletons] = [new Map<string, string>(), new Map<string, string>()];
  const tracked = new Set<string>();
  for (const schema of schemas) {
    for (const [element, kind] of kinds) for (const one of inside(schema, element)) add(types, typeOf(one, { kind, schema, whole }));
    for (const container of inside(schema, 'EntityContainer')) {
      for (const set of inside(container, 'EntitySet')) {
        sets.set(String(set.Name), whole(String(set.EntityType)));
        if (isTracked(set)) tracked.add(String(set.Name));
      }
      for (const { Name, Type } of inside(container, 'Singleton')) singletons.set(String(Name), whole(String(Type)));
    }
  }
  return { types, sets, singletons, tracked };
}

/** Whether a set tracks changes, in the form of Dataverse: https://learn.microsoft.com/power-apps/developer/data-platform/use-change-tracking-synchronize-data-external-systems */
function isTracked(set: Element): boolean {
  const terms = inside(set, 'Annotation').filter(({ Term }) => String(Term).endsWith('Capabilities.V1.ChangeTracking'));
  const values = terms.flatMap((term) => inside(term, 'Record').flatMap((record) => inside(record, 'PropertyValue')));
  return values.some(({ Property, Bool }) => Property === 'Supported' && Bool === 'true');
}

const kinds = [
  ['EntityType', 'entity'],
  ['ComplexType', 'complex'],
  ['EnumType', 'enum'],
  ['TypeDefinition', 'definition'],
] as const;

function add(types: Map<string, EdmType>, type: EdmType): void {
  types.set(type.name, type);
}

function inside(element: Element, name: string): readonly Element[] {
  const found = element[name];
  // The parser returns an empty element as an empty text.
  return Array.isArray(found) ? found.map((one) => (typeof one === 'string' ? {} : one)) : [];
}

interface Around {
  readonly kind: EdmType['kind'];
  readonly schema: Element;
  readonly whole: (name: string) => string;
}

function typeOf(element: Element, { kind, schema, whole }: Around): EdmType {
  const { Name, BaseType, OpenType, UnderlyingType } = element;
  const navigations = inside(element, 'NavigationProperty').map((one): [string, string] => [
    String(one.Name),
    itemOf(whole(String(one.Type))),
  ]);
  return {
    name: `${String(schema.Namespace)}.${String(Name)}`,
    kind,
    base: BaseType === undefined ? undefined : whole(String(BaseType)),
    isOpen: OpenType === 'true',
    keys: inside(element, 'Key').flatMap((key) => inside(key, 'PropertyRef').map((ref) => String(ref.Name))),
    properties: inside(element, 'Property').map((one) => propertyOf(one, String(one.Type), whole)),
    navigations: new Map(navigations),
    underlying: UnderlyingType === undefined ? undefined : propertyOf(element, String(UnderlyingType), whole),
  };
}

function propertyOf({ Name, Nullable, Precision, Scale }: Element, type: string, whole: (name: string) => string): EdmProperty {
  const digits = (written: unknown) => (/^\d+$/.test(String(written)) ? Number(written) : undefined);
  // If the metadata has a precision but no scale, the scale is 0.
  const scale = Scale === undefined && Precision !== undefined ? 0 : digits(Scale);
  return { name: String(Name), type: whole(type), precision: digits(Precision), scale, isNullable: Nullable !== 'false' };
}

/** The item type of a collection. A type that is not a collection is returned unchanged. */
export function itemOf(type: string): string {
  return /^Collection\((.+)\)$/.exec(type)?.[1] ?? type;
}

function fullName(name: string, aliases: ReadonlyMap<string, string>): string {
  const item = itemOf(name);
  if (item !== name) return `Collection(${fullName(item, aliases)})`;
  const dot = name.lastIndexOf('.');
  const namespace = aliases.get(name.slice(0, dot));
  return namespace === undefined ? name : `${namespace}${name.slice(dot)}`;
}

/**
 * The target of a path: an entity set, or the target of navigation properties from a set: `companies(…)/items`, `sites/{id}/lists`. Undefined: the metadata
 * lacks the path.
 */
export function entityAt(edm: Edm, path: string): EdmEntity | undefined {
  const [first = '', ...others] = path
    .replace(/\([^)]*\)/g, '')
    .split('/')
    .filter((segment) => segment !== '');
  let at = edm.sets.get(first) ?? edm.singletons.get(first);
  for (const [i, segment] of others.entries()) {
    const next = edm.types.has(segment) ? segment : (navigationOf(edm, at ?? '', segment) ?? edm.sets.get(segment));
    // A path segment after a collection may be a key. A path that ends with the key leads to a single record, and not to a list.
    if (next === undefined && i === others.length - 1) return undefined;
    at = next ?? at;
  }
  const chain = chainOf(edm, at ?? '');
  if (chain.length === 0) return undefined;
  return {
    keys: chain.flatMap(({ keys }) => keys),
    properties: chain.flatMap(({ properties }) => properties),
    navigations: chain.flatMap(({ navigations }) => [...navigations.keys()]),
    sets: others.length === 0 ? [first] : [...edm.sets].flatMap(([set, type]) => (type === at ? [set] : [])),
    isOpen: chain.some(({ isOpen }) => isOpen),
  };
}

function navigationOf(edm: Edm, type: string, name: string): string | undefined {
  return chainOf(edm, type)
    .map(({ navigations }) => navigations.get(name))
    .find((to) => to !== undefined);
}

/** The type and its base types, the root first. */
export function chainOf(edm: Edm, name: string): readonly EdmType[] {
  const chain: EdmType[] = [];
  for (let type = edm.types.get(name); type !== undefined && !chain.includes(type); type = edm.types.get(type.base ?? ''))
    chain.unshift(type);
  return chain;
}

/** The column type of each simple type. docs/odata.md has the same table. */
const plain: Readonly<Record<string, DataType>> = {
  'Edm.Boolean': { kind: 'bool' },
  'Edm.Byte': { kind: 'uint8' },
  'Edm.SByte': { kind: 'int8' },
  'Edm.Int16': { kind: 'int16' },
  'Edm.Int32': { kind: 'int32' },
  'Edm.Int64': { kind: 'int64' },
  'Edm.Single': { kind: 'float32' },
  'Edm.Double': { kind: 'float64' },
  'Edm.Guid': { kind: 'uuid' },
  'Edm.String': { kind: 'string' },
  'Edm.Binary': { kind: 'binary' },
  'Edm.Date': { kind: 'date' },
  'Edm.Duration': { kind: 'duration', unit: 'us' },
};

/** The maximum number of decimal digits in a column. */
const mostDigits = 38;
/** The maximum depth of types inside types. Without a maximum, types that contain each other would never end. */
const deepest = 10;

/** The column type of a property. Null: the value is not in the record. */
export function typeOfProperty(edm: Edm, property: EdmProperty, depth = 0): DataType | null {
  const { type, precision, scale } = property;
  const item = itemOf(type);
  if (item !== type) {
    const inside = typeOfProperty(edm, { ...property, type: item }, depth);
    return inside === null ? null : { kind: 'list', item: inside };
  }
  // The bytes of a stream are at a separate address.
  if (type === 'Edm.Stream') return null;
  if (type === 'Edm.Decimal') return decimalOf(precision, scale);
  if (type === 'Edm.DateTimeOffset') return { kind: 'timestamp', unit: unitOf(precision), zone: 'UTC' };
  if (type === 'Edm.TimeOfDay') return { kind: 'time', unit: unitOf(precision) };
  const known = plain[type] ?? ofModel(edm, type, depth);
  // Geography, untyped values and types of another document are read as JSON.
  return known ?? { kind: 'json' };
}

function ofModel(edm: Edm, name: string, depth: number): DataType | undefined {
  const found = edm.types.get(name);
  if (found?.kind === 'enum') return { kind: 'string' };
  if (found?.kind === 'definition' && found.underlying !== undefined) return typeOfProperty(edm, found.underlying, depth + 1) ?? undefined;
  if (found?.kind !== 'complex' || depth >= deepest) return undefined;
  const chain = chainOf(edm, name);
  // Records may have unlisted members if their type is open, or if another type is based on it.
  const isBase = [...edm.types.values()].some(({ base }) => base === name);
  if (isBase || chain.some(({ isOpen }) => isOpen)) return undefined;
  const fields = chain
    .flatMap(({ properties }) => properties)
    .flatMap((one) => {
      const type = typeOfProperty(edm, one, depth + 1);
      return type === null ? [] : [{ name: one.name, type, nullable: true }];
    });
  return fields.length === 0 ? undefined : { kind: 'struct', fields };
}

/** The type of a decimal. If the metadata has no number of digits, the column is a text, which keeps any number of digits. */
function decimalOf(precision: number | undefined, scale: number | undefined): DataType {
  if (precision === undefined || scale === undefined || precision > mostDigits || precision < 1 || scale > precision)
    return { kind: 'string' };
  return { kind: 'decimal', precision, scale };
}

/** The unit of a time. Without a precision in the metadata, microseconds are used: services write up to seven decimal places, but most values need at most six. */
function unitOf(precision: number | undefined): 'us' | 'ns' {
  return precision !== undefined && precision > 6 ? 'ns' : 'us';
}
