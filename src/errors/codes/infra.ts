import type { Codes } from './entry.ts';

/** Errors of computing infrastructure from the workspace. */
export const infraConfigCodes = {
  'HYG-1110': {
    title: 'The target has no settings',
    meaning: 'Templates are made for a target, and `infra/<target>.yml` contains its settings. That file does not exist.',
  },
  'HYG-1111': {
    title: 'The resource group of a storage account is unknown',
    meaning: 'A right is given in the resource group of its storage account, and the config does not name that group.',
  },
  'HYG-1112': {
    title: 'The settings of a target contain a secret',
    meaning:
      'The values in infra/<target>.yml become part of templates and settings that other people can read. Secrets belong in the vault.',
  },
  'HYG-1113': {
    title: 'The apps do not match the flows',
    meaning:
      '`apps` or `exclude` of infra/<target>.yml names an unknown flow, or no flow remains. Or a flow is in two apps, or an app has the name of a flow that is not in it.',
    tryThis: ['Correct `apps` and `exclude`. A flow in neither of them gets an app of its own.'],
  },
  'HYG-1114': {
    title: 'Two settings with one name for the platform',
    meaning: 'The platform ignores case in the names of app settings, and reserves some names for itself.',
  },
  'HYG-1115': {
    title: 'A flow that cannot run in the cloud',
    meaning: 'The flow reads, writes or keeps its state on this machine. The app would find nothing there.',
  },
  'HYG-1116': {
    title: 'A variable without a value in a target, or a value without a variable',
    meaning:
      'Templates do not depend on the variables of your machine, so they are the same on every machine. infra/<target>.yml contains the values.',
  },
  'HYG-1117': {
    title: 'A folder of templates was edited, or was not made by hygge',
    meaning: 'A file in the folder has changed since hygge wrote it, or is not from hygge. hygge would overwrite it.',
  },
  'HYG-1135': {
    title: 'A folder with templates of another workspace',
    meaning: 'The templates in the folder are for another workspace, another target or another cloud. hygge would remove them.',
  },
  'HYG-1118': {
    title: 'A server that cannot have a private endpoint',
    meaning:
      '`servers` of infra/<target>.yml names a server that no flow uses. Or the target has no `network` for the endpoint, or the network has no free address.',
    tryThis: ['Add a `network` that is large enough.'],
  },
  'HYG-1119': {
    title: 'The config names another AWS role than the one that hygge makes',
    meaning:
      'hygge makes one role for each flow, with a fixed name and one trusted audience. The config names another role, or two audiences.',
  },
  'HYG-1120': {
    title: 'An unused bucket, a bucket in another region, or rules without effect',
    meaning:
      '`aws.buckets` of infra/<target>.yml names a bucket that no flow uses, or a bucket in another region than the flow. Or it has rules for a bucket that exists already.',
  },
  'HYG-1121': {
    title: 'A bucket rule would break a store',
    meaning: 'The path of a store cannot be locked or archived, because commits remove replaced files and read their records.',
  },
  'HYG-1122': {
    title: 'Nothing to make in AWS',
    meaning: 'infra/<target>.yml names no AWS account. Or no flow uses a role there, and no bucket is to be created.',
    tryThis: ['Let the flows sign in by `role_arn` with `entra_audience`.'],
  },
  'HYG-1123': {
    title: 'A program for deployments is missing',
    meaning: 'A deployment runs `az`, and also `aws` if the target has an AWS account. At least one of these programs cannot be started.',
  },
  'HYG-1124': {
    title: 'No one is signed in for the deployment',
    meaning: 'The program that deploys has no sign-in, or the sign-in has expired.',
  },
  'HYG-1125': {
    title: 'Signed in to another subscription or account',
    meaning: 'The sign-in is for another subscription or account than infra/<target>.yml names.',
  },
  'HYG-1126': {
    title: 'A command of a deployment failed',
    meaning: 'A program ended with an error. Earlier steps of the deployment are not undone.',
    why: 'The signed-in account lacks a right, a name is already in use, or another deployment is in progress.',
  },
  'HYG-1127': {
    title: 'A deployment command returned an unknown answer',
    meaning: 'A program succeeded, but its output differs from its documentation.',
  },
  'HYG-1128': {
    title: 'The vault lacks secrets',
    meaning:
      'Each app gets the right to read its own secrets, so the secrets must exist in the vault first. hygge never reads their values.',
  },
  'HYG-1129': {
    title: 'A deployed app does not answer',
    meaning: 'The app is deployed, but did not answer `POST /api/debug` within five minutes.',
    why: 'The app cannot start, or a firewall blocks this machine.',
  },
  'HYG-1130': {
    title: 'A deployed app reports a problem',
    meaning: 'The app is deployed, and has checked the connections of its flows under its own identity. Something is missing.',
  },
  'HYG-1131': {
    title: 'The removal was not confirmed',
    meaning: 'The command asks for the name of the target before it removes the apps. The command got no name, or another name.',
  },
  'HYG-1132': {
    title: 'A storage account in another cloud',
    meaning:
      'The templates are for public Azure. The app signs in to a storage account outside of public Azure, and no right can be given on that account.',
    why: 'The lake is in Azure China or Azure Government, or the account has its own domain name.',
  },
  'HYG-1133': {
    title: 'Larger than AWS allows',
    meaning: 'A template, a policy or the trust of a role would be larger than CloudFormation or IAM accepts.',
    tryThis: ['Follow the message: a bucket for the template, apps that serve several flows, or flows that name fewer buckets.'],
  },
} as const satisfies Codes;
