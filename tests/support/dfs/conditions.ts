import { type Asked, type Code, headerOf, refuse } from './exchange.ts';
import type { TreeNode } from './tree.ts';

const bare = (etag: string): string => etag.replace(/^W\//, '').replaceAll('"', '');
const seconds = (moment: Date): number => Math.floor(moment.getTime() / 1000);

/**
 * Whether the request's conditions hold of what is there.
 * @param exists what is answered to `If-None-Match: *` where something is.
 */
export function holds(asked: Asked, node: TreeNode | undefined, exists: Code): void {
  const ifMatch = headerOf(asked, 'if-match');
  const ifNoneMatch = headerOf(asked, 'if-none-match');
  const reading = asked.method === 'GET' || asked.method === 'HEAD';
  if (ifMatch !== undefined && (node === undefined || (ifMatch !== '*' && bare(ifMatch) !== bare(node.etag)))) {
    throw refuse('ConditionNotMet');
  }
  if (ifNoneMatch !== undefined && node !== undefined) {
    if (ifNoneMatch === '*') throw reading ? refuse('ConditionNotMet', { status: 304 }) : refuse(exists);
    if (bare(ifNoneMatch) === bare(node.etag)) throw refuse('ConditionNotMet', reading ? { status: 304 } : {});
  }
  const since = headerOf(asked, 'if-modified-since');
  if (since !== undefined && node !== undefined && seconds(node.modified) <= seconds(new Date(since))) {
    throw refuse('ConditionNotMet', reading ? { status: 304 } : {});
  }
  const unmodified = headerOf(asked, 'if-unmodified-since');
  if (unmodified !== undefined && (node === undefined || seconds(node.modified) > seconds(new Date(unmodified)))) {
    throw refuse('ConditionNotMet');
  }
}

/** The same of a rename's source. */
export function sourceHolds(asked: Asked, node: TreeNode): void {
  const ifMatch = headerOf(asked, 'x-ms-source-if-match');
  const ifNoneMatch = headerOf(asked, 'x-ms-source-if-none-match');
  const differs = ifMatch !== undefined && ifMatch !== '*' && bare(ifMatch) !== bare(node.etag);
  const same = ifNoneMatch !== undefined && (ifNoneMatch === '*' || bare(ifNoneMatch) === bare(node.etag));
  if (differs || same) throw refuse('SourceConditionNotMet');
}
