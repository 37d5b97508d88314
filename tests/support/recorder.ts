import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a program says to a command whose words begin so. The last that fits counts. */
export interface Answer {
  readonly begins: string;
  /** Only to commands with this word in them. */
  readonly has?: string;
  readonly stdout?: string;
  readonly stderr?: string;
  readonly status?: number;
  /** Milliseconds until it says so. */
  readonly after?: number;
}

export interface Recorded {
  readonly words: readonly string[];
  readonly directory: string;
  /** Its variable `SHOWN`. */
  readonly shown: string;
}

/** The commands that a deployment may use, and their options, as they are documented. Whether the programs take them, nothing here proves. */
export const known: Readonly<Record<string, readonly string[]>> = {
  // https://learn.microsoft.com/cli/azure/account#az-account-show
  'az account show': ['--query', '--output'],
  // https://learn.microsoft.com/cli/azure/account#az-account-get-access-token
  'az account get-access-token': ['--subscription', '--resource', '--query', '--output'],
  // https://learn.microsoft.com/cli/azure/deployment/group#az-deployment-group-create
  'az deployment group create': ['--subscription', '--resource-group', '--template-file', '--parameters'],
  // https://learn.microsoft.com/cli/azure/keyvault/secret#az-keyvault-secret-list
  'az keyvault secret list': ['--subscription', '--vault-name', '--query', '--output'],
  // https://learn.microsoft.com/cli/azure/functionapp/deployment/source#az-functionapp-deployment-source-config-zip
  'az functionapp deployment source config-zip': ['--subscription', '--resource-group', '--name', '--src'],
  // https://learn.microsoft.com/cli/azure/functionapp/keys#az-functionapp-keys-list
  'az functionapp keys list': ['--subscription', '--resource-group', '--name', '--query', '--output'],
  // https://learn.microsoft.com/cli/azure/identity#az-identity-show
  'az identity show': ['--subscription', '--resource-group', '--name', '--query', '--output'],
  // https://learn.microsoft.com/cli/azure/resource#az-resource-list
  'az resource list': ['--subscription', '--resource-group', '--query', '--output'],
  // https://learn.microsoft.com/cli/azure/resource#az-resource-delete
  'az resource delete': ['--ids'],
  // https://learn.microsoft.com/cli/azure/role/assignment#az-role-assignment-list
  'az role assignment list': ['--subscription', '--assignee', '--all', '--query', '--output'],
  // https://learn.microsoft.com/cli/azure/role/assignment#az-role-assignment-delete
  'az role assignment delete': ['--ids'],
  // Of the rendered entra.sh: https://learn.microsoft.com/cli/azure/ad
  'az ad app list': ['--identifier-uri', '--query', '--output'],
  'az ad app create': ['--display-name', '--identifier-uris', '--query', '--output'],
  'az ad sp create': ['--id', '--output'],
  // https://docs.aws.amazon.com/cli/latest/reference/sts/get-caller-identity.html
  'aws sts get-caller-identity': ['--query', '--output'],
  // https://docs.aws.amazon.com/cli/latest/reference/cloudformation/deploy.html
  'aws cloudformation deploy': [
    '--region',
    '--stack-name',
    '--template-file',
    '--s3-bucket',
    '--no-fail-on-empty-changeset',
    '--capabilities',
    '--parameter-overrides',
  ],
  // https://docs.aws.amazon.com/cli/latest/reference/cloudformation/delete-stack.html
  'aws cloudformation delete-stack': ['--region', '--stack-name'],
  'hygge pack': ['--flow', '--out', '-C'],
  'hygge config push': ['--container', '-C'],
};

/** In quotes that no shell looks into. */
const word = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

/** A shell is there ten times as soon as Node. */
function script(program: string, folder: string): string {
  const record = word(join(folder, 'record'));
  return `#!/bin/sh\n{ printf '%s\\0' "$PWD" "$SHOWN" ${word(program)} "$@"; printf '\\n'; } >> ${record}\nset -- ${word(program)} "$@"\n. ${word(join(folder, 'answers'))}\n`;
}

/** The last that fits counts; a command that is not known is a failure. */
function answersOf(answers: readonly Answer[]): string {
  const says = ({ begins, has = '', stdout = '', stderr = '', status = 0, after = 0 }: Answer) =>
    `case "$*" in ${word(begins)}*) case "$*" in *${word(has)}*)\n${after > 0 ? `sleep ${after / 1000}\n` : ''}printf %s ${word(stdout)}\nprintf %s ${word(stderr)} >&2\nexit ${status} ;; esac ;; esac\n`;
  const rest = Object.keys(known).map((begins) => says({ begins }));
  return `${answers.toReversed().map(says).join('')}${rest.join('')}echo "ERROR: unrecognized: $*" >&2\nexit 64\n`;
}

/** Stands in for `az`, `aws` and hygge itself: notes what it was called with, and answers from a table. An unknown command or option is a failure. */
export class Recorder {
  readonly folder: string;
  #answers: Answer[] = [];

  /** @param programs those that there are. */
  constructor(folder: string, programs: readonly string[] = ['az', 'aws', 'hygge']) {
    this.folder = folder;
    mkdirSync(join(folder, 'bin'), { recursive: true });
    for (const program of programs) {
      const file = join(folder, 'bin', program);
      writeFileSync(file, script(program, folder));
      chmodSync(file, 0o755);
    }
    this.answer();
  }

  get path(): string {
    return `${join(this.folder, 'bin')}:/usr/bin:/bin`;
  }

  get hygge(): string {
    return join(this.folder, 'bin', 'hygge');
  }

  /** From now on. */
  answer(...answers: readonly Answer[]): void {
    this.#answers.push(...answers);
    writeFileSync(join(this.folder, 'answers'), answersOf(this.#answers));
  }

  /** Throws when an option was used that is not among those documented. */
  get recorded(): readonly Recorded[] {
    const file = join(this.folder, 'record');
    if (!existsSync(file)) return [];
    const lines = readFileSync(file, 'utf8').split('\0\n').slice(0, -1);
    return lines.map((line) => {
      const [directory = '', shown = '', ...words] = line.split('\0');
      const options = known[commandOf(words)] ?? [];
      const stray = words.find((one) => /^--?[a-zA-Z]/.test(one) && !options.includes(one));
      if (stray !== undefined) throw new Error(`${words.join(' ')}: ${stray} is no option that is known`);
      return { words, directory, shown };
    });
  }

  /** Commands so far, by their first words. */
  get commands(): readonly string[] {
    return this.recorded.map(({ words }) => commandOf(words));
  }
}

function commandOf(words: readonly string[]): string {
  const text = words.join(' ');
  return Object.keys(known).find((one) => text.startsWith(one)) ?? text;
}
