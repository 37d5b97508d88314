import { type Scope as AzureScope, appNames } from '../azure/names.ts';
import { hash, slug } from '../slug.ts';

/** The part of names that distinguishes one workspace in one target from all others, because several workspaces may share an account and trust different apps. */
export interface NamingScope {
  readonly account: string;
  readonly subscription: string;
  readonly resourceGroup: string;
  readonly workspace: string;
}

/** The name of a role: up to 64 letters, digits and dashes, independent of the other rendered roles. @param of a flow, or the parts that every run uses. */
export function roleName({ account, subscription, resourceGroup, workspace }: NamingScope, of: string): string {
  const scope = [account, subscription.toLowerCase(), resourceGroup.toLowerCase(), workspace, of];
  return `hygge-${slug(workspace, 20)}-${slug(of, 24)}-${hash(JSON.stringify(scope)).slice(0, 8)}`;
}

/** The stack of a workspace in a target. */
export function stackName(scope: AzureScope): string {
  return appNames(scope, { name: 'aws', flows: [] }).site;
}

/** The logical id of a resource in a template: letters and digits, a capital first, different for different names. */
export function logicalId(kind: string, of: string): string {
  const words = slug(of, 40)
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
  return `${kind}${words}${hash(of).slice(0, 6).toUpperCase()}`;
}
