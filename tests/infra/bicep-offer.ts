import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hiddenProgram } from '../support/optional-programs.ts';

export const version = '0.49.2';
const id = 'Azure.Bicep.CommandLine.linux-x64';

/** The compiler of Bicep, restored by the .NET SDK where there is one; else why it is not here. */
export function bicepOffer(): { readonly compiler: string } | { readonly missing: string } {
  const hidden = hiddenProgram('dotnet');
  if (hidden !== '') return { missing: hidden };
  const folder = join(import.meta.dirname, '..', '..', '.cache', 'bicep');
  const compiler = join(folder, 'packages', id.toLowerCase(), version, 'tools', 'bicep');
  if (existsSync(compiler)) return { compiler };
  if (process.platform !== 'linux' || process.arch !== 'x64') return { missing: 'the compiler of Bicep is fetched for Linux on x64 only' };
  mkdirSync(folder, { recursive: true });
  const project = join(folder, 'bicep.csproj');
  const download = `<PackageDownload Include="${id}" Version="[${version}]" />`;
  writeFileSync(
    project,
    `<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup><ItemGroup>${download}</ItemGroup></Project>\n`,
  );
  const { error, status, stdout } = spawnSync('dotnet', ['restore', project, '--packages', join(folder, 'packages')], {
    encoding: 'utf8',
    timeout: 120_000,
  });
  if (error !== undefined) return { missing: 'there is no dotnet to restore the compiler of Bicep' };
  if (status !== 0 || !existsSync(compiler)) return { missing: `dotnet could not restore the compiler of Bicep: ${stdout.slice(-200)}` };
  return { compiler };
}

/** Every rule of the linter is an error. Versions of APIs may be older than two years: what was written is what was tried. */
const rules = [
  'adminusername-should-not-be-literal artifacts-parameters decompiler-cleanup explicit-values-for-loc-params max-asserts max-outputs max-params',
  'max-resources max-variables nested-deployment-template-scoping no-conflicting-metadata no-deployments-resources no-explicit-any',
  'no-hardcoded-env-urls no-hardcoded-location no-loc-expr-outside-params no-module-name no-unnecessary-dependson no-unused-existing-resources',
  'no-unused-params no-unused-vars no-unused-imports no-unused-types outputs-should-not-contain-secrets prefer-interpolation',
  'prefer-unquoted-property-names protect-commandtoexecute-secrets secure-parameter-default secure-params-in-nested-deploy secure-secrets-in-params',
  'simplify-interpolation simplify-json-null use-parent-property use-recent-api-versions use-recent-module-versions use-resource-id-functions',
  'use-resource-symbol-reference use-safe-access use-secure-value-for-secure-inputs use-stable-resource-identifiers use-stable-vm-image',
  'use-user-defined-types what-if-short-circuiting',
]
  .join(' ')
  .split(' ');

export const bicepConfig = JSON.stringify({
  analyzers: {
    core: {
      enabled: true,
      rules: Object.fromEntries(
        rules.map((rule) => [rule, { level: 'error', ...(rule === 'use-recent-api-versions' ? { maxAllowedAgeInDays: 3650 } : {}) }]),
      ),
    },
  },
});

export interface Resource {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly location?: string;
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly [key: string]: unknown;
}

/** The resources that a deployment would make, with names, scopes and ids worked out offline, and whatever the compiler says of its files. */
export function resourcesOf(
  compiler: string,
  file: string,
  at: { readonly subscription: string; readonly resourceGroup: string; readonly location: string },
): { readonly predictedResources: readonly Resource[]; readonly diagnostics: readonly unknown[]; readonly said: string } {
  const place = ['--subscription-id', at.subscription, '--resource-group', at.resourceGroup, '--location', at.location];
  const { stderr, status } = spawnSync(compiler, ['snapshot', file, '--mode', 'overwrite', ...place], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  const made = file.replace(/\.bicepparam$/, '.snapshot.json');
  // A feature that is not final yet says so each time.
  const said = stderr.replace(/^WARNING: .*experimental.*$/gim, '').trim();
  return { ...JSON.parse(readFileSync(made, 'utf8')), said };
}
