import type { Codes } from './entry.ts';

/** Computing infrastructure from the workspace. */
export const infraConfigCodes = {
  'HYG-1110': {
    title: 'A target that has no settings',
    meaning: 'Infrastructure is computed for a target, and `infra/<target>.yml` says where that is. There is no such file.',
    why: 'The target was never set up, or its name is misspelt.',
  },
  'HYG-1111': {
    title: 'A storage account that is in no known group',
    meaning: 'A right is given where its account is, and nothing says in which resource group that is.',
    why: 'A flow was pointed at a new account after the target had been set up.',
  },
  'HYG-1112': {
    title: 'A secret in the settings of a target',
    meaning: 'What infra/<target>.yml says goes into templates and settings that others read. Secrets are put into the vault.',
    why: 'A variable has its value in the target, though the config treats it as a secret.',
  },
  'HYG-1113': {
    title: 'Apps that do not go together with the flows',
    meaning:
      '`apps` or `exclude` of infra/<target>.yml names an unknown flow, or leaves no flow. Or a flow is in two apps, or an app has the name of a flow that is not in it.',
    why: 'A flow was renamed, or is listed twice.',
    tryThis: ['Correct `apps` and `exclude`; a flow that is in none of them has an app of its own.'],
  },
  'HYG-1114': {
    title: 'Settings that the platform takes for one',
    meaning: 'The platform ignores case in the names of app settings, and it reserves some names for itself.',
    why: 'Two files spell a variable differently.',
  },
  'HYG-1115': {
    title: 'A flow that could not run in the cloud',
    meaning: 'It reads, writes or keeps its state on the machine that it is looked at on; the app would find nothing there.',
    why: 'The flow was tried out on a laptop, and its home still is a folder there.',
  },
  'HYG-1116': {
    title: 'A variable without a value in a target, or a value without a variable',
    meaning:
      'Infrastructure is computed without the variables of your machine, so that it is the same on every one: infra/<target>.yml says what they are.',
    why: 'The variable is set on this machine, or in `.env`, and not for the target.',
  },
  'HYG-1117': {
    title: 'A folder of templates was edited, or is not ours',
    meaning: 'A file in the folder has changed since it was rendered, or was never rendered: writing over it would lose it.',
    why: 'Someone changed a template by hand, or the folder holds something else.',
  },
  'HYG-1135': {
    title: 'A folder with templates of another workspace',
    meaning:
      'The folder was rendered from another workspace, for another target or another cloud. Rendering into it would remove those templates.',
    why: 'Several workspaces, targets or clouds were rendered with the same `--out`.',
  },
  'HYG-1118': {
    title: 'A server that no private endpoint can be for',
    meaning:
      '`servers` of infra/<target>.yml names a server that no flow calls, or there is no `network` that an endpoint would be in, or none with an address left.',
    why: 'A connection was removed or renamed after its server had been given an endpoint.',
    tryThis: ['Correct the name, remove it, or add a `network` that is large enough.'],
  },
  'HYG-1119': {
    title: 'A role of AWS that is not the one that is made',
    meaning:
      'Each flow has a role of its own, whose name is known beforehand and which trusts one audience. The config names another role, or two audiences.',
    why: 'The role was written down before it was known what it would be called, or was copied from another flow.',
    tryThis: ['Write the role into the config that the message names.'],
  },
  'HYG-1120': {
    title: 'A bucket that no flow names, that lies elsewhere, or whose rules nothing follows',
    meaning:
      '`aws.buckets` of infra/<target>.yml names a bucket that no flow reads or writes, would make one in another region than a flow says, or has rules for an existing one.',
    why: 'A flow was pointed at another bucket, or the name is misspelt.',
  },
  'HYG-1121': {
    title: 'A rule for a bucket that would take from a store what it needs',
    meaning: 'The place of a store can’t be locked or archived: commits remove replaced files, and read their records.',
    why: 'A rule for old files was written for all of a bucket.',
  },
  'HYG-1122': {
    title: 'Nothing to make in AWS',
    meaning: 'infra/<target>.yml names no account of AWS, or no flow takes a role there and no bucket is to be made.',
    why: 'The target was set up before a flow went to S3.',
    tryThis: ['Add `aws` to infra/<target>.yml, and let the flows sign in by `role_arn` with `entra_audience`.'],
  },
  'HYG-1123': {
    title: 'A program that a deployment needs is not there',
    meaning: 'Deployments run `az`, and `aws` where the target has an account of AWS. A program among them cannot be started.',
    why: 'The machine that deploys has no such program, as a new laptop or a bare image of a pipeline.',
  },
  'HYG-1124': {
    title: 'No one is signed in to deploy',
    meaning: 'The program that deploys knows no one who does so, or what it knew has expired.',
    why: 'No one ran `az login` yet, or it was too long ago.',
  },
  'HYG-1125': {
    title: 'Signed in elsewhere than where the target is',
    meaning: 'Who is signed in works in another subscription or account than infra/<target>.yml names.',
    why: 'The one who deploys works in several subscriptions, and another one is chosen.',
  },
  'HYG-1126': {
    title: 'A command of a deployment failed',
    meaning: 'A program that was run ended with an error. What was done before stays unchanged.',
    why: 'Who is signed in may not do it, a name is taken, or another deployment is in progress.',
  },
  'HYG-1127': {
    title: 'A command of a deployment answered something unknown',
    meaning: 'A program ended well, and what it printed is not what its documentation says.',
    why: 'Another version of the program prints something else, or the PATH leads to another program of the same name.',
  },
  'HYG-1128': {
    title: 'Secrets that the vault does not hold yet',
    meaning: 'Apps are given the right to each of their secrets, so that these have to be in the vault first. Their values are never read.',
    why: 'A flow names a secret that no one has put into the vault.',
  },
  'HYG-1129': {
    title: 'An app that does not answer',
    meaning: 'The app is deployed, and it did not answer `POST /api/debug` within five minutes.',
    why: 'The app cannot start, or a firewall keeps this machine from it.',
  },
  'HYG-1130': {
    title: 'An app that found something amiss',
    meaning: 'The app is deployed and looked at all that its flows need, under its own identity. Something is missing.',
    why: 'A right was just given and has not arrived yet, or one that is given by hand is missing.',
  },
  'HYG-1131': {
    title: 'What is to be removed was not confirmed',
    meaning: 'Removing the apps of a target asks for the name of the target. It was not given, or another one was.',
    why: 'The command ran in a script, or was meant for another target.',
  },
  'HYG-1132': {
    title: 'An account of another cloud',
    meaning:
      'The templates are for public Azure. A flow signs in as its app to a storage account that is not there, and no right could be given on it.',
    why: 'The lake is in Azure China or Azure Government, or the account is called by a domain of its own.',
  },
  'HYG-1133': {
    title: 'More than AWS takes',
    meaning: 'What would be made in AWS is larger than CloudFormation or IAM take: a template, a policy, or the trust of a role.',
    why: 'The workspace has grown, and each flow has a role of its own in the template.',
    tryThis: ['Do what the message names: a bucket for the template, apps that serve several flows, or flows that name fewer buckets.'],
  },
} as const satisfies Codes;
