import type { Grant } from './rights.ts';

const blobs = 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs';

/** Of the roles that are given on containers, what each lets be done with blobs: https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/storage */
const actions: Readonly<Record<string, readonly string[]>> = {
  'Storage Blob Data Reader': ['read'],
  'Storage Blob Data Contributor': ['read', 'write', 'add/action', 'delete', 'move/action'],
};

/**
 * What a right is held to that reaches no further than some folders: every path that is touched and every prefix that is listed is in one of them.
 * Text of a condition, version 2.0: https://learn.microsoft.com/azure/role-based-access-control/conditions-format
 *
 * @param prefixes what paths may begin with: `crm/`, the folder itself being meant as well.
 */
export function conditionOf(role: Grant['role'], prefixes: readonly string[]): string {
  const touched = (actions[role] ?? []).map((action) => {
    const matches = `ActionMatches{'${blobs}/${action}'}`;
    return action === 'read' ? `!(${matches} AND NOT SubOperationMatches{'Blob.List'})` : `!(${matches})`;
  });
  const listed = `!(ActionMatches{'${blobs}/read'} AND SubOperationMatches{'Blob.List'})`;
  const within = (attribute: string) => prefixes.flatMap((prefix) => below(attribute, prefix)).join(' OR ');
  return [
    `((${touched.join(' AND ')}) OR (${within(`@Resource[${blobs}:path]`)}))`,
    `((${listed}) OR (${within(`@Request[${blobs}:prefix]`)}))`,
  ].join(' AND ');
}

/** A folder is a path too, where accounts have folders. */
function below(attribute: string, prefix: string): readonly string[] {
  const starts = `${attribute} StringStartsWith ${literal(prefix)}`;
  return prefix.endsWith('/') ? [`${attribute} StringEquals ${literal(prefix.slice(0, -1))}`, starts] : [starts];
}

function literal(text: string): string {
  return `'${text}'`;
}

/** Whether a condition can say it: how quotes and wildcards are escaped there is not written down for every operator. */
export function canBeCondition(prefix: string): boolean {
  return /^[\p{L}\p{N} _./=@+~,;:!()&#%-]+$/u.test(prefix);
}

/** A condition has up to 8 kB: https://learn.microsoft.com/azure/role-based-access-control/conditions-faq */
export const longestCondition = 8000;
