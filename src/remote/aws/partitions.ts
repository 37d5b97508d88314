/** A separate part of AWS: China, the government of the USA, or the rest of the world. */
export interface Partition {
  /** The id of the partition in ARNs. */
  readonly id: string;
  /** The end of the host names in the partition. */
  readonly suffix: string;
  /** The region for requests without a region, or before the region is known. */
  readonly region: string;
}

const commercial: Partition = { id: 'aws', suffix: 'amazonaws.com', region: 'us-east-1' };
const others: readonly (readonly [RegExp, Partition])[] = [
  [/^cn-/, { id: 'aws-cn', suffix: 'amazonaws.com.cn', region: 'cn-north-1' }],
  [/^us-gov-/, { id: 'aws-us-gov', suffix: 'amazonaws.com', region: 'us-gov-west-1' }],
];

/** The partition of a region, or of the role to assume if no region is given. */
export function partitionOf({
  region,
  role_arn = '',
}: {
  readonly region?: string | undefined;
  readonly role_arn?: string | undefined;
}): Partition {
  if (region !== undefined) return others.find(([pattern]) => pattern.test(region))?.[1] ?? commercial;
  const id = /^arn:([\w-]+):/.exec(role_arn)?.[1];
  return others.find(([, partition]) => partition.id === id)?.[1] ?? commercial;
}
