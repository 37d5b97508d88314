import { outermost } from '../prefixes.ts';

/** The rights of one role, as statements of a policy. */
export interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

/** One action on one resource, as a connector asks for it. */
export interface RequestedAction {
  readonly action: string;
  readonly arn: string;
  /** For a list action: the prefix that it is limited to; '': the action has no limit. */
  readonly below: string;
  /** For a KMS key: the required alias of the key. */
  readonly alias?: string;
}

/** The limit for the combined size of all policies of a role, in characters: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
export const longestPolicy = 10_240;
/** A lower limit, because values may be longer at the deployment. */
const longest = 9000;

export interface Policy {
  readonly statements: readonly Statement[];
  /** Folders, each of which replaces all paths in it, because a policy has no room for every single path. */
  readonly widened: readonly string[];
  /** Wildcards for paths that a policy cannot spell. */
  readonly cut: readonly string[];
}

/** The narrowest statements that allow all actions. If they do not fit in a policy, paths in one folder become that folder. */
export function policyOf(asked: readonly RequestedAction[]): Policy {
  const exact = statementsOf(asked);
  const cut = [...new Set(asked.flatMap(({ arn }) => (policyText(arn) === arn ? [] : [policyText(arn)])))].sort();
  if (JSON.stringify(exact).length <= longest) return { statements: exact, widened: [], cut };
  const roots = new Map<string, string>();
  for (const bucket of new Set(asked.map(({ arn }) => bucketOf(arn)))) {
    const prefixes = asked.flatMap(({ arn, action, below }) =>
      bucketOf(arn) !== bucket ? [] : action === 's3:ListBucket' ? [below] : arn.includes('/') ? [prefixOf(arn)] : [],
    );
    roots.set(bucket, commonFolder(prefixes));
  }
  const wide = asked.map((one): RequestedAction => {
    const root = roots.get(bucketOf(one.arn)) ?? '';
    if (one.action === 's3:ListBucket') return { ...one, below: root };
    return one.arn.startsWith('arn:') && one.action.startsWith('s3:') && one.arn.includes('/')
      ? { ...one, arn: `${bucketOf(one.arn)}/${root}*` }
      : one;
  });
  const reached = [...roots].map(([bucket, root]) => `${bucket}/${root}*`).sort();
  return { statements: statementsOf(wide), widened: reached.filter((one) => !asked.some(({ arn }) => arn === one)), cut };
}

/** The bucket or access point is the part of an ARN before the key. */
function bucketOf(arn: string): string {
  return /^(arn:[\w-]+:s3:::[^/]+|arn:[\w-]+:s3:[^:]+:\d+:accesspoint\/[^/]+(?:\/object)?)/.exec(arn)?.[1] ?? arn;
}

function prefixOf(arn: string): string {
  return arn.slice(bucketOf(arn).length + 1).replace(/\*$/, '');
}

function commonFolder([first = '', ...others]: readonly string[]): string {
  let length = first.length;
  for (const other of others) while (!other.startsWith(first.slice(0, length))) length--;
  return first.slice(0, length).replace(/[^/]*$/, '');
}

function statementsOf(asked: readonly RequestedAction[]): readonly Statement[] {
  const lists = asked.filter(({ action }) => action === 's3:ListBucket');
  const byBucket = new Map<string, Set<string>>();
  for (const { arn, below } of lists) byBucket.set(arn, (byBucket.get(arn) ?? new Set()).add(below));
  const listing = [...byBucket].sort(byKey).flatMap(([arn, prefixes]): readonly Statement[] => {
    const list = { Effect: 'Allow', Action: ['s3:ListBucket'], Resource: [arn] } as const;
    if (prefixes.has('')) return [list];
    const patterns = outermost([...prefixes]).map((prefix) => policyText(`${prefix}*`));
    return [
      { ...list, Condition: { StringLike: { 's3:prefix': patterns } } },
      // S3 reports a missing object as missing only to an identity with the right to list, and to others as forbidden. The request for a missing object has no prefix.
      { ...list, Condition: { Null: { 's3:prefix': ['true'] } } },
    ];
  });
  const others = new Map<string, Set<string>>();
  for (const { action, arn, alias } of asked)
    if (action !== 's3:ListBucket' && alias === undefined)
      others.set(policyText(arn), (others.get(policyText(arn)) ?? new Set()).add(action));
  const together = new Map<string, { readonly actions: readonly string[]; readonly arns: string[] }>();
  for (const [arn, actions] of [...others].sort(byKey)) {
    const sorted = [...actions].sort();
    const key = sorted.join();
    const held = together.get(key) ?? { actions: sorted, arns: [] };
    held.arns.push(arn);
    together.set(key, held);
  }
  return [
    ...listing,
    ...[...together].sort(byKey).map(([, { actions, arns }]): Statement => ({ Effect: 'Allow', Action: actions, Resource: arns })),
    ...byAlias(asked),
  ];
}

function byAlias(asked: readonly RequestedAction[]): readonly Statement[] {
  const keys = new Map<string, { readonly alias: string; readonly arn: string; readonly actions: Set<string> }>();
  for (const { alias, arn, action } of asked) {
    if (alias === undefined) continue;
    const key = JSON.stringify([alias, arn]);
    const held = keys.get(key) ?? { alias, arn, actions: new Set() };
    held.actions.add(action);
    keys.set(key, held);
  }
  return [...keys].sort(byKey).map(([, { alias, arn, actions }]) => ({
    Effect: 'Allow',
    Action: [...actions].sort(),
    Resource: [arn],
    Condition: { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': [alias] } },
  }));
}

/** Policies support only Latin-1. So a star replaces the first character outside of Latin-1, and all characters after it. */
export function policyText(text: string): string {
  const cut = text.search(/[^\u0020-\u00ff]/);
  return cut === -1 ? text : `${text.slice(0, cut)}*`;
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
