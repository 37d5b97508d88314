/**
 * Expressions of T-SQL, reckoned as Microsoft's documentation defines each function, operator and conversion: types and collations first, as the server does it,
 * then row by row. What the documentation says is not proven by it; that a statement means what it should under it is.
 */
import { hash } from 'node:crypto';
import type { Expression } from './parse.ts';
import {
  bytesOf,
  type Collation,
  clockText,
  databaseCollation,
  dateText,
  decimalText,
  heldBy,
  joined,
  type Moment,
  momentOf,
  type Raw,
  rounded,
  type SqlType,
  shifted,
  typeNamed,
  unscaledOf,
} from './types.ts';

export type Row = readonly Raw[];

/** An expression with its type. `of` is asked with the rows of a group, of which an expression without aggregates takes the first. */
export interface Typed {
  readonly type: SqlType;
  readonly of: (rows: readonly Row[]) => Raw;
}

export interface Scope {
  readonly columns: readonly { readonly name: string; readonly type: SqlType }[];
}

type Text = SqlType & { readonly is: 'varchar' | 'nvarchar' };

const isText = (type: SqlType): type is Text => type.is === 'varchar' || type.is === 'nvarchar';
const int: SqlType = { is: 'int' };
const bigint: SqlType = { is: 'bigint' };
const isWhole = ({ is }: SqlType): boolean => is === 'bit' || is === 'int' || is === 'bigint';
const wrong = (what: string): never => {
  throw new Error(`T-SQL of sums: ${what}`);
};
const textType = ({ type }: Typed): Text => (isText(type) ? type : wrong(`${type.is} where a text is expected`));
const most = 8000;

export function typed(expression: Expression, scope: Scope): Typed {
  switch (expression.kind) {
    case 'number':
      return numberOf(expression.digits);
    case 'text': {
      const { text, isWide } = expression;
      const length = Math.max(1, text.length);
      return { type: { is: isWide ? 'nvarchar' : 'varchar', length, collation: databaseCollation }, of: () => text };
    }
    case 'column': {
      const at = scope.columns.findIndex(({ name }) => name.toLowerCase() === expression.name.toLowerCase());
      const column = scope.columns[at] ?? wrong(`207: invalid column name ${expression.name}`);
      return { type: column.type, of: (rows) => rows[0]?.[at] ?? null };
    }
    case 'convert':
      return converted(typed(expression.of, scope), typeNamed(expression.to), expression.style);
    case 'collate': {
      const inner = typed(expression.of, scope);
      const type = textType(inner);
      if (type.collation.label === 'explicit') wrong('156: a text has two COLLATE');
      const collation: Collation = { label: 'explicit', name: expression.collation };
      return { type: { ...type, collation }, of: held(inner, type.is, collation) };
    }
    case 'case':
      return cased(expression, scope);
    case 'call':
      return called(expression.name, expression.given, scope);
    case 'binary':
      return operated(expression.sign, typed(expression.left, scope), typed(expression.right, scope));
    default:
      return wrong(`${expression.kind} is not a value`);
  }
}

/** A literal of more than 31 bits is a decimal. */
function numberOf(digits: string): Typed {
  const value = BigInt(digits);
  return { type: value > 2_147_483_647n ? { is: 'decimal', precision: digits.length, scale: 0 } : int, of: () => value };
}

/** A text under a collation: a `varchar` loses what its code page lacks. */
const held =
  (of: Typed, is: Text['is'], collation: Collation): Typed['of'] =>
  (rows) => {
    const text = of.of(rows) as string | null;
    return text === null || is === 'nvarchar' ? text : heldBy(text, collation);
  };

function converted(of: Typed, to: SqlType, style: number | null): Typed {
  const write = conversion(of.type, to, style);
  // A text keeps its collation, and others get that of the database.
  const type: SqlType = isText(to) ? { ...to, collation: isText(of.type) ? of.type.collation : databaseCollation } : to;
  return {
    type,
    of(rows) {
      const value = of.of(rows);
      return value === null ? null : write(value);
    },
  };
}

function conversion(from: SqlType, to: SqlType, style: number | null): (value: NonNullable<Raw>) => Raw {
  const pair = `${from.is} to ${to.is}${style === null ? '' : `, ${style}`}`;
  if (isText(to)) {
    const write = asText(from, style) ?? wrong(`no conversion of ${pair}`);
    return (value) => {
      const text = write(value);
      const limit = to.length === 'max' ? Number.POSITIVE_INFINITY : to.length;
      if (isText(from)) return to.is === 'varchar' ? cut(heldBy(text, from.collation), limit, from.collation) : text.slice(0, limit);
      if (text.length > limit && from.is === 'varbinary') return text.slice(0, limit);
      return text.length > limit ? wrong(`8115: ${text} is longer than ${limit}`) : text;
    };
  }
  const one = <T extends NonNullable<Raw>>(write: (value: T) => Raw) => write as (value: NonNullable<Raw>) => Raw;
  switch (to.is) {
    case 'varbinary':
      return binary(from, to, style) ?? wrong(`no conversion of ${pair}`);
    case 'bigint':
    case 'int': {
      const bits = to.is === 'int' ? 32 : 64;
      const fits = (value: bigint) => (BigInt.asIntN(bits, value) === value ? value : wrong(`8115: ${value} is no ${to.is}`));
      if (from.is === 'varbinary')
        return one((bytes: Buffer) =>
          bytes.length > 8 ? wrong('too many bytes') : BigInt.asIntN(bits, BigInt(`0x0${bytes.toString('hex')}`)),
        );
      if (isWhole(from) || (from.is === 'decimal' && from.scale === 0)) return one(fits);
      if (isText(from)) return one((text: string) => fits(BigInt(text)));
      break;
    }
    case 'decimal': {
      const fits = (value: bigint) => (String(value).replace('-', '').length > to.precision ? wrong(`8115: ${value} is too long`) : value);
      if (isWhole(from)) return one((value: bigint) => fits(value * 10n ** BigInt(to.scale)));
      if (from.is === 'decimal' && from.scale <= to.scale)
        return one((value: bigint) => fits(value * 10n ** BigInt(to.scale - from.scale)));
      if (isText(from)) return one((text: string) => fits(unscaledOf(text, to.scale)));
      break;
    }
    case 'float':
      if (from.is === 'float' || from.is === 'real') return one((value: number) => value);
      break;
    case 'date':
      if (isText(from)) return one((text: string) => ({ ...momentOf(text), ticks: 0n, offsetMinutes: 0 }));
      break;
    case 'datetime':
      if (from.is === 'datetime2') return one(inThirds);
      break;
    case 'datetime2':
      if (isText(from)) return one((text: string) => rounded(momentOf(text), to.digits));
      if (['datetime', 'datetime2', 'datetimeoffset', 'date'].includes(from.is))
        return one((value: Moment) => ({ ...rounded(value, to.digits), offsetMinutes: 0 }));
      break;
    case 'datetimeoffset':
      if (isText(from)) return one((text: string) => rounded(momentOf(text), to.digits));
      break;
    case 'uniqueidentifier':
      if (isText(from)) return one((text: string) => text.toUpperCase());
      break;
    default:
  }
  return wrong(`no conversion of ${pair}`);
}

/** Ticks of 1/300 s. */
export function inThirds(of: Moment): Moment {
  const thirds = (of.ticks * 300n + 5_000_000n) / 10_000_000n;
  return rounded({ ...of, ticks: (thirds * 10_000_000n + 150n) / 300n }, 7);
}

function cut(text: string, limit: number, collation: Collation): string {
  const bytes = bytesOf(text, collation);
  return bytes.length <= limit ? text : bytes.subarray(0, limit).toString('utf8');
}

function asText(from: SqlType, style: number | null): ((value: NonNullable<Raw>) => string) | undefined {
  const plain = style === null;
  switch (from.is) {
    case 'varchar':
    case 'nvarchar':
      return (value) => value as string;
    case 'bit':
    case 'int':
    case 'bigint':
      return plain ? String : undefined;
    case 'decimal':
      return plain ? (value) => decimalText(value as bigint, from.scale) : undefined;
    case 'money':
      return style === 2 ? (value) => decimalText(value as bigint, 4) : undefined;
    case 'uniqueidentifier':
      return plain ? (value) => (value as string).toUpperCase() : undefined;
    case 'varbinary': {
      const before = style === 1 ? '0x' : style === 2 ? '' : undefined;
      return before === undefined ? undefined : (value) => `${before}${(value as Buffer).toString('hex').toUpperCase()}`;
    }
    case 'date':
      return style === 23 ? (value) => dateText((value as Moment).day) : undefined;
    case 'time':
      return style === 121 ? (value) => clockText((value as Moment).ticks, from.digits) : undefined;
    case 'datetime2':
      return style === 121 ? (value) => `${dateText((value as Moment).day)} ${clockText((value as Moment).ticks, from.digits)}` : undefined;
    default:
      return undefined;
  }
}

function binary(
  from: SqlType,
  to: SqlType & { readonly is: 'varbinary' },
  style: number | null,
): ((value: NonNullable<Raw>) => Buffer) | undefined {
  const limit = to.length === 'max' ? Number.POSITIVE_INFINITY : to.length;
  const eight = (write: (bytes: Buffer, value: NonNullable<Raw>) => void) => (value: NonNullable<Raw>) => {
    const bytes = Buffer.alloc(8);
    write(bytes, value);
    return limit === 8 ? bytes : wrong('eight bytes are converted to eight');
  };
  switch (from.is) {
    case 'varbinary':
      return (value) => (value as Buffer).subarray(0, limit);
    case 'varchar':
      if (style === null) return (value) => bytesOf(value as string, from.collation).subarray(0, limit);
      return style === 1 ? (value) => Buffer.from((value as string).slice(2), 'hex') : undefined;
    case 'nvarchar':
      return style === 1 ? (value) => Buffer.from((value as string).slice(2), 'hex') : undefined;
    case 'bigint':
      return eight((bytes, value) => void bytes.writeBigInt64BE(value as bigint));
    case 'float':
      return eight((bytes, value) => void bytes.writeDoubleBE(value as number));
    default:
      return undefined;
  }
}

/** The type of several, of which one is the value. */
function unified(types: readonly SqlType[]): SqlType {
  return types.reduce((one, other) => {
    if (isText(one) && isText(other))
      return {
        ...concatenable(one, other),
        length: one.length === 'max' || other.length === 'max' ? 'max' : Math.max(one.length, other.length),
      };
    if (isWhole(one) && isWhole(other)) return one.is === 'bigint' || other.is === 'bigint' ? bigint : int;
    return one.is === other.is ? one : wrong(`${one.is} and ${other.is} in one CASE`);
  });
}

function concatenable(one: Text, other: Text): Text {
  const collation = joined(one.collation, other.collation);
  if (collation.label === 'none') wrong('457: the collation of a text is unresolved');
  return { is: one.is === 'nvarchar' || other.is === 'nvarchar' ? 'nvarchar' : 'varchar', length: 'max', collation };
}

function cased(expression: Expression & { readonly kind: 'case' }, scope: Scope): Typed {
  const { of, whens, otherwise } = expression;
  const subject = of === null ? null : typed(of, scope);
  const branches = whens.map(({ when, result }) => {
    const holds = subject === null ? condition(when, scope) : compared('=', subject, typed(when, scope));
    return { holds, result: typed(result, scope) };
  });
  const last = otherwise === null ? null : typed(otherwise, scope);
  const type = unified([...branches.map(({ result }) => result.type), ...(last === null ? [] : [last.type])]);
  const into = (one: Typed): Typed['of'] => (isText(type) ? held(one, type.is, type.collation) : one.of);
  const ready = branches.map(({ holds, result }) => ({ holds, result: into(result) }));
  const other = last === null ? () => null : into(last);
  return { type, of: (rows) => (ready.find(({ holds }) => holds(rows) === true)?.result ?? other)(rows) };
}

type Condition = (rows: readonly Row[]) => boolean | null;

/** Of three values: null is neither true nor false. */
export function condition(expression: Expression, scope: Scope): Condition {
  switch (expression.kind) {
    case 'not': {
      const inner = condition(expression.of, scope);
      return (rows) => {
        const holds = inner(rows);
        return holds === null ? null : !holds;
      };
    }
    case 'is null': {
      const inner = typed(expression.of, scope);
      return (rows) => (inner.of(rows) === null) !== expression.isNot;
    }
    case 'binary': {
      const { sign, left, right } = expression;
      if (sign !== 'AND' && sign !== 'OR') return compared(sign, typed(left, scope), typed(right, scope));
      const [one, other] = [condition(left, scope), condition(right, scope)];
      const decides = sign === 'OR';
      return (rows) => {
        const [first, second] = [one(rows), other(rows)];
        if (first === decides || second === decides) return decides;
        return first === null || second === null ? null : !decides;
      };
    }
    default:
      return wrong(`${expression.kind} is not a condition`);
  }
}

function compared(sign: string, left: Typed, right: Typed): Condition {
  const order = ordering(left.type, right.type);
  return (rows) => {
    const [one, other] = [left.of(rows), right.of(rows)];
    if (one === null || other === null) return null;
    const found = order(one, other);
    if (sign === '=') return found === 0;
    if (sign === '<>') return found !== 0;
    return sign.startsWith('<') ? found < 0 || (sign === '<=' && found === 0) : found > 0 || (sign === '>=' && found === 0);
  };
}

const orderOf = <T>(one: T, other: T): number => (one < other ? -1 : one > other ? 1 : 0);

function ordering(left: SqlType, right: SqlType): (one: NonNullable<Raw>, other: NonNullable<Raw>) => number {
  if (isText(left) && isText(right)) {
    const { collation } = concatenable(left, right);
    if (!/_BIN2(_UTF8)?$/.test(collation.name)) wrong(`texts under ${collation.name} are not compared by the tests`);
    const plain = (value: NonNullable<Raw>) => (value as string).replace(/ +$/, '');
    return (one, other) => orderOf(plain(one), plain(other));
  }
  const scaleOf = (type: SqlType) => (type.is === 'decimal' ? type.scale : type.is === 'money' ? 4 : isWhole(type) ? 0 : undefined);
  const [one, other] = [scaleOf(left), scaleOf(right)];
  if (one !== undefined && other !== undefined)
    return (a, b) => orderOf((a as bigint) * 10n ** BigInt(other), (b as bigint) * 10n ** BigInt(one));
  const floats = (type: SqlType) => type.is === 'real' || type.is === 'float' || type.is === 'int';
  if (floats(left) && floats(right)) return (a, b) => orderOf(Number(a), Number(b));
  if (left.is === 'varbinary' && right.is === 'varbinary') return (a, b) => Buffer.compare(a as Buffer, b as Buffer);
  if (left.is === 'uniqueidentifier' && right.is === left.is) return (a, b) => orderOf(String(a).toUpperCase(), String(b).toUpperCase());
  const moment = (value: NonNullable<Raw>) => {
    const { day, ticks, offsetMinutes } = value as Moment;
    return BigInt(day) * 864_000_000_000n + ticks - BigInt(offsetMinutes) * 600_000_000n;
  };
  if ('day' in momentlike(left) && 'day' in momentlike(right)) return (a, b) => orderOf(moment(a), moment(b));
  return wrong(`${left.is} and ${right.is} are not compared by the tests`);
}

const momentlike = ({ is }: SqlType): object => (/^(date|time|datetime)/.test(is) ? { day: 0 } : {});

function operated(sign: string, left: Typed, right: Typed): Typed {
  if (sign === '+' && isText(left.type) && isText(right.type)) {
    const both = concatenable(left.type, right.type);
    const lengths = [left.type.length, right.type.length];
    const limit = both.is === 'nvarchar' ? most / 2 : most;
    const length = lengths.includes('max') ? 'max' : Math.min(limit, Number(lengths[0]) + Number(lengths[1]));
    const [one, other] = [held(left, both.is, both.collation), held(right, both.is, both.collation)];
    return {
      type: { ...both, length },
      of(rows) {
        const [a, b] = [one(rows), other(rows)];
        if (a === null || b === null) return null;
        return length === 'max' ? `${a}${b}` : cut(`${a}${b}`, length, both.collation);
      },
    };
  }
  if (!isWhole(left.type) || !isWhole(right.type)) return wrong(`${left.type.is} ${sign} ${right.type.is} is not what sums reckon with`);
  const type = left.type.is === 'bigint' || right.type.is === 'bigint' ? bigint : int;
  const reckon = { '&': (a: bigint, b: bigint) => a & b, '/': (a: bigint, b: bigint) => a / b }[sign] ?? wrong(`${sign} of numbers`);
  return {
    type,
    of(rows) {
      const [a, b] = [left.of(rows), right.of(rows)];
      return a === null || b === null ? null : reckon(a as bigint, b as bigint);
    },
  };
}

function called(name: string, given: readonly Expression[], scope: Scope): Typed {
  const [first = wrong(`${name}()`)] = given;
  if (name === 'COUNT_BIG' && first.kind === 'all columns') return { type: bigint, of: (rows) => BigInt(rows.length) };
  const args = given.map((one) => typed(one, scope));
  const [one = wrong(name), ...others] = args;
  const each = (rows: readonly Row[]) => rows.flatMap((row) => one.of([row]) ?? []);
  const ofText = (write: (text: string, ...more: string[]) => string, length: 'kept' | number = 'kept'): Typed => {
    const texts = args.filter(({ type }) => isText(type)).map(textType);
    const type = texts.reduce((a, b) => ({ ...concatenable(a, b), length: a.length }));
    return {
      type: { ...type, length: type.length === 'max' || length === 'kept' ? type.length : length },
      of(rows) {
        const values = args.map((arg) => arg.of(rows));
        return values.includes(null) ? null : (write as (...all: string[]) => string)(...values.map(String));
      },
    };
  };
  switch (name) {
    case 'COUNT_BIG':
      return { type: bigint, of: (rows) => BigInt(each(rows).length) };
    case 'MIN':
      return {
        type: one.type,
        of: (rows) => (each(rows) as bigint[]).reduce<bigint | null>((a, b) => (a === null || b < a ? b : a), null),
      };
    case 'SUM': {
      const { type } = one;
      if (type.is !== 'decimal') return wrong(`the sum of ${type.is} may overflow`);
      return {
        type: { ...type, precision: 38 },
        of(rows) {
          const all = each(rows) as bigint[];
          return all.length === 0 ? null : all.reduce((a, b) => (String(a + b).length > 38 ? wrong('8115: a sum is too large') : a + b));
        },
      };
    }
    case 'ISNULL': {
      const [other = wrong('ISNULL')] = others;
      const fallback = other.type.is === one.type.is ? other : converted(other, one.type, null);
      return { type: one.type, of: (rows) => one.of(rows) ?? fallback.of(rows) };
    }
    case 'HASHBYTES':
      return {
        type: { is: 'varbinary', length: most },
        of(rows) {
          const [algorithm, bytes] = args.map((arg) => arg.of(rows));
          if (algorithm !== 'MD5' || others[0]?.type.is !== 'varbinary') wrong('what is hashed are bytes, by MD5');
          return bytes == null ? null : hash('md5', bytes as Buffer, 'buffer');
        },
      };
    case 'SUBSTRING': {
      if (one.type.is !== 'varbinary') return wrong('SUBSTRING of a text');
      return {
        type: one.type,
        of(rows) {
          const [bytes, from, length] = args.map((arg) => arg.of(rows));
          return bytes === null ? null : (bytes as Buffer).subarray(Number(from) - 1, Number(from) - 1 + Number(length));
        },
      };
    }
    case 'DATALENGTH': {
      const { collation, is, length } = textType(one);
      return {
        type: length === 'max' ? bigint : int,
        of(rows) {
          const text = one.of(rows) as string | null;
          return text === null ? null : BigInt(is === 'nvarchar' ? text.length * 2 : bytesOf(text, collation).length);
        },
      };
    }
    case 'LOWER':
      return ofText((text) => text.toLowerCase());
    case 'RTRIM':
      return ofText((text) => text.replace(/ +$/, ''));
    case 'REPLACE':
      return ofText((text, from = '', to = '') => text.replaceAll(from, to), most);
    case 'LEFT':
      return ofText((text, length) => text.slice(0, Number(length)));
    case 'STUFF':
      return ofText((text, from, length, by = '') => {
        const at = Number(from) - 1;
        return `${text.slice(0, at)}${by}${text.slice(at + Number(length))}`;
      }, most);
    case 'SWITCHOFFSET': {
      const minutes = (to: string) => (to[0] === '-' ? -1 : 1) * (Number(to.slice(1, 3)) * 60 + Number(to.slice(4)));
      return {
        type: one.type.is === 'datetimeoffset' ? one.type : wrong('SWITCHOFFSET'),
        of(rows) {
          const [moment, to] = args.map((arg) => arg.of(rows));
          return moment === null ? null : shifted(moment as Moment, minutes(String(to)));
        },
      };
    }
    default:
      return wrong(`195: ${name} is no function of sums`);
  }
}
