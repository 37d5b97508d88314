/**
 * Finds versions by time. A table may keep the time of each version in its commits (in-commit timestamps), from its first or a later version on. For earlier
 * versions the modification times of the commits count, adjusted so that they increase.
 */
import type { DeltaProtocol } from '../table.ts';
import type { RawMetadata } from './actions.ts';
import { cleanedUp, deltaError, noSuchVersion, timeless } from './errors.ts';
import type { LogListing } from './listing.ts';
import { commitInfoOf, type LogAccess } from './replay.ts';
import { oldestIn } from './roads.ts';

export interface InCommitTimes {
  /** The first version that has an in-commit timestamp. */
  readonly from: number;
  /** The timestamp of the version `from`. Before this time, modification times count. */
  readonly since: number;
}

/** Where in-commit timestamps begin; undefined: the table has no in-commit timestamps. */
export function inCommitTimes(protocol: DeltaProtocol, { configuration }: Pick<RawMetadata, 'configuration'>): InCommitTimes | undefined {
  const isKnown = protocol.writerFeatures?.some((name) => name === 'inCommitTimestamp' || name === 'inCommitTimestamp-preview') === true;
  const isOn = configuration['delta.enableInCommitTimestamps']?.toLowerCase() === 'true';
  if (!isKnown || !isOn) return undefined;
  const from = configuration['delta.inCommitTimestampEnablementVersion'];
  const since = configuration['delta.inCommitTimestampEnablementTimestamp'];
  return from === undefined || since === undefined
    ? { from: 0, since: Number.NEGATIVE_INFINITY }
    : { from: Number(from), since: Number(since) };
}

export interface WantedTime {
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  /** The current time. The version at a later time can’t be known yet. */
  readonly now: number;
}

/** The newest version that was committed at or before a time. Throws HYG-3703, HYG-3704, HYG-3711. */
export async function versionAt(
  { timestamp, now }: WantedTime,
  listing: LogListing,
  times: InCommitTimes | undefined,
  access: LogAccess,
): Promise<number> {
  const { table } = access;
  const wanted = isoText(timestamp);
  if (timestamp > now) throw noSuchVersion(table, wanted, `This time is in the future: now it is ${isoText(now)}.`);
  const versions = [...listing.commits.keys()].sort((a, b) => a - b);
  if (versions.length === 0)
    throw deltaError('HYG-3703', `${table} has no version for ${wanted} any more.`, {
      why: ['The log has a checkpoint but no commit, and only commits contain the time of a version.'],
    });
  const isInCommit = times !== undefined && timestamp >= times.since;
  const candidates = versions.filter((version) => times === undefined || version >= times.from === isInCommit);
  const timeOf = async (version: number): Promise<number> => {
    if (!isInCommit) return listing.times.get(version) as number;
    const info = await commitInfoOf(listing, version, access);
    if (info?.inCommitTimestamp === null || info === null) throw timeless(table, version);
    return info.inCommitTimestamp;
  };
  const found = await lastNotAfter(timestamp, candidates, timeOf);
  if (found !== undefined) return found;
  const oldest = oldestIn(listing);
  if (oldest === 0) throw noSuchVersion(table, wanted, 'The table was made later.');
  throw cleanedUp(table, wanted, oldest);
}

/** The last version whose time is not after a given time, by binary search, because each time may need a request. */
async function lastNotAfter(
  timestamp: number,
  versions: readonly number[],
  timeOf: (version: number) => Promise<number>,
): Promise<number | undefined> {
  let [low, high] = [0, versions.length];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((await timeOf(versions[middle] as number)) <= timestamp) low = middle + 1;
    else high = middle;
  }
  return versions[low - 1];
}

const isoText = (ms: number): string => new Date(ms).toISOString();
