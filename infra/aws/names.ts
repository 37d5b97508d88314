import { type Scope as AzureScope, appNames } from '../azure/names.ts';
import { hash, slug } from '../slug.ts';

/** What tells one workspace in one target from every other: several may share an account, and trust their own apps. */
export interface NamingScope {
  readonly account: string;
  readonly subscription: string;
  readonly resourceGroup: string;
  readonly workspace: string;
}

/** Of a role: up to 64 letters, digits and dashes, the same whatever is rendered around it. @param of a flow, or what goes with every run. */
export function roleName({ account, subscription, resourceGroup, workspace }: NamingScope, of: string): string {
  const scope = [account, subscription.toLowerCase(), resourceGroup.toLowerCase(), workspace, of];
  return `hygge-${slug(workspace, 20)}-${slug(of, 24)}-${hash(JSON.stringify(scope)).slice(0, 8)}`;
}

/** The stack of a workspace in a target. */
export function stackName(scope: AzureScope): string {
  return appNames(scope, { name: 'aws', flows: [] }).site;
}

/** What a template calls something of its own: letters and digits, a capital first, different for whatever differs. */
export function logicalId(kind: string, of: string): string {
  const words = slug(of, 40)
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
  return `${kind}${words}${hash(of).slice(0, 6).toUpperCase()}`;
}
