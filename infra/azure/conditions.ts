import type { Grant } from './rights.ts';

const blobs = 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs';

/** The actions on blobs that each role on containers allows: https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/storage */
const actions: Readonly<Record<string, readonly string[]>> = {
  'Storage Blob Data Reader': ['read'],
  'Storage Blob Data Contributor': ['read', 'write', 'add/action', 'delete', 'move/action'],
};

/**
 * The condition that limits a right to some folders: every used path and every listed prefix must be in one of these folders. Text of a condition, version
 * 2.0: https://learn.microsoft.com/azure/role-based-access-control/conditions-format @param prefixes the allowed beginnings of paths: `crm/`, which
 * includes the folder itself.
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

/** In accounts with folders, a folder is also a path. */
function below(attribute: string, prefix: string): readonly string[] {
  const starts = `${attribute} StringStartsWith ${literal(prefix)}`;
  return prefix.endsWith('/') ? [`${attribute} StringEquals ${literal(prefix.slice(0, -1))}`, starts] : [starts];
}

function literal(text: string): string {
  return `'${text}'`;
}

/** Whether a condition can express the path: the escaping of quotes and wildcards is not documented for every operator. */
export function canBeCondition(prefix: string): boolean {
  return /^[\p{L}\p{N} _./=@+~,;:!()&#%-]+$/u.test(prefix);
}

/** The limit of a condition is 8 kB: https://learn.microsoft.com/azure/role-based-access-control/conditions-faq */
export const longestCondition = 8000;
