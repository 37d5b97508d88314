import type { infraConfigCodes } from '../infra-codes.ts';
import type { Explained } from './explained.ts';

export const infraExplained = {
  'HYG-1110': {
    why: 'The target was never set up, or its name is misspelt.',
    example: {
      what: 'There is no infra/prod.yml, which would say where `prod` is.',
      why: [],
      tryThis: ['Make it: hygge infra init --target prod'],
    },
  },
  'HYG-1111': {
    why: 'A flow was pointed at a new account after the target had been set up.',
    example: {
      what: 'Flow `crm` needs a right on the account `northwind`, and infra/prod.yml does not say in which resource group that is.',
      why: [],
      tryThis: ['Add it to infra/prod.yml: `accounts: { northwind: { resource_group: … } }`'],
    },
  },
  'HYG-1112': {
    why: 'A variable was given its value together with the others, though the config takes it for a secret.',
    example: {
      what: '`PG_PASSWORD` is a secret, and is written out in the settings of a target.',
      why: ['These settings go into templates, and what is deployed shows them to everybody who may read the app.'],
      tryThis: ['Remove it: the app reads it from the vault, and `hygge infra render` says under which name.'],
    },
  },
  'HYG-1113': {
    why: 'A flow was renamed, or is listed twice.',
    example: {
      what: 'The app `nightly` serves `crn`, and there is no such flow.',
      why: [],
      tryThis: ['Did you mean `crm`?'],
    },
  },
  'HYG-1114': {
    why: 'Two files spell a variable differently.',
    example: {
      what: 'The app `crm` would have the settings `Lake` and `LAKE`, which are one to the platform.',
      why: [],
      tryThis: ['Rename the variable in the config.'],
    },
  },
  'HYG-1115': {
    why: 'The flow was tried out on a laptop, and its home still is a folder there.',
    example: {
      what: 'The home of flow `crm` is a place of this machine.',
      why: [],
      tryThis: ['Read from a home in the cloud.', 'Or leave the flow out of what is deployed: move it to a workspace of its own.'],
    },
  },
  'HYG-1116': {
    why: 'The variable is set on this machine, or in `.env`, and not for the target.',
    example: {
      what: '`CRM_SCHEDULE` has no value in infra/prod.yml.',
      why: ['By the key that it is written under it is no secret: rights, alerts and settings follow from what it says.'],
      tryThis: [
        'Add it to infra/prod.yml: `variables: { CRM_SCHEDULE: … }`',
        'Or, with a password in it, write it under a key for secrets, such as `connection_string`: the vault has it then.',
      ],
    },
  },
  'HYG-1117': {
    why: 'Somebody changed a template by hand, or the folder holds something else.',
    example: {
      what: 'out/apps.bicep is not as it was rendered.',
      why: ['Writing over it would lose what was changed.'],
      tryThis: [
        'Render into another folder and compare them',
        'If it may be lost: hygge infra render azure --target prod --out out --force',
      ],
    },
  },
  'HYG-1135': {
    why: 'Several workspaces, targets or clouds were rendered with the same `--out`.',
    example: {
      what: 'out holds the templates of northwind in prod (azure).',
      why: ['Rendering harbour in prod (azure) there would take them away.'],
      tryThis: [
        'Give each its own folder: hygge infra render azure --target prod --out out/harbour-prod',
        'If the other templates are not needed any more, remove that folder first',
      ],
    },
  },
  'HYG-1118': {
    why: 'A connection was removed or renamed after its server had been given an endpoint.',
    example: {
      what: 'No flow calls a server of Azure SQL, PostgreSQL or MySQL that is named `erp`.',
      why: [
        'A private endpoint is for the server of a connection: NAME.database.windows.net, NAME.postgres.database.azure.com or NAME.mysql.database.azure.com.',
      ],
      tryThis: ['Correct its name, or remove it.'],
    },
  },
  'HYG-1119': {
    why: 'The role was written down before it was known what it would be called, or was copied from another flow.',
    example: {
      what: 'The home of flow `web` takes the role arn:aws:iam::123456789012:role/hygge, and the one that is made for it in infra/prod.yml is another.',
      why: ['Each flow has a role of its own, whose name follows from the workspace and the flow.'],
      tryThis: ['Write it there: role_arn: arn:aws:iam::123456789012:role/hygge-northwind-web-ab12cd34'],
    },
  },
  'HYG-1120': {
    why: 'A flow was pointed at another bucket, or the name is misspelt.',
    example: {
      what: 'No flow names the bucket `northwind-lake`.',
      why: [],
      tryThis: ['Correct its name, or remove it.'],
    },
  },
  'HYG-1121': {
    why: 'A rule that is meant for old files was written for all of a bucket.',
    example: {
      what: 'What begins with `crm/` in `northwind-lake` would be archived, and the store of crm.Account settles there.',
      why: ['What is archived has to be restored before it is read: commits read their records, and readers every file.'],
      tryThis: ['Archive another prefix, or settle in another folder.'],
    },
  },
  'HYG-1122': {
    why: 'The target was set up before a flow went to S3.',
    example: {
      what: 'infra/prod.yml names no account of AWS.',
      why: [],
      tryThis: ['Add one to infra/prod.yml: `aws: { account: "123456789012", region: eu-central-1, tenant: … }`'],
    },
  },
  'HYG-1123': {
    why: 'The machine that deploys has no such program, as a new laptop or a bare image of a pipeline.',
    example: {
      what: 'The program az cannot be started.',
      why: ['No folder of the PATH has a program of that name.'],
      tryThis: [
        'Install it: https://learn.microsoft.com/cli/azure/install-azure-cli',
        'Or run the commands by hand that the same command prints with --dry-run.',
      ],
    },
  },
  'HYG-1124': {
    why: 'Nobody ran `az login` yet, or it was too long ago.',
    example: {
      what: 'Nobody is signed in with az.',
      why: ["ERROR: Please run 'az login' to setup account."],
      tryThis: ['On your machine: az login', 'In a pipeline: sign in by federation first, as docs/pipelines.md shows.'],
    },
  },
  'HYG-1125': {
    why: 'The one who deploys works in several subscriptions, and another one is chosen.',
    example: {
      what: 'az is signed in to the subscription 22222222-2222-2222-2222-222222222222, and infra/prod.yml says 11111111-1111-1111-1111-111111111111.',
      why: ['Names follow from it: what is deployed elsewhere is another app.'],
      tryThis: ['Choose it: az account set --subscription 11111111-1111-1111-1111-111111111111', 'Or correct infra/prod.yml.'],
    },
  },
  'HYG-1126': {
    why: 'Who is signed in may not do it, a name is taken, or another deployment is going on.',
    example: {
      what: 'az deployment group create … ended with 1.',
      why: [
        'ERROR: {"code": "DeploymentActive", "message": "The deployment with resource id … cannot be saved, because this would overwrite an existing deployment which is still active."}',
      ],
      tryThis: [
        'Somebody else is deploying this: wait until that has ended.',
        'Then run the same command again: what is done is done again in little time.',
      ],
    },
  },
  'HYG-1127': {
    why: 'A version of the program prints something else, or the PATH leads to another program of its name.',
    example: {
      what: 'az answered something else than a list of names.',
      why: ["The command was: az keyvault secret list --vault-name kv-northwind-8nmpklp2 --query '[].name' --output json"],
      tryThis: ['Check its version: az --version', 'See what the command prints when you run it.'],
    },
  },
  'HYG-1128': {
    why: 'A flow names a secret that nobody has put into the vault.',
    example: {
      what: 'The vault lacks 1 of 2 secrets: PG-PASSWORD.',
      why: ['Rights are given on each of them, so that they have to be there before the apps.'],
      tryThis: [
        'az keyvault secret set --vault-name kv-northwind-8nmpklp2 --name PG-PASSWORD --file SECRET.txt',
        'Then run the same command again: what is done is done again in little time.',
      ],
    },
  },
  'HYG-1129': {
    why: 'The app cannot start, or a firewall keeps this machine from it.',
    example: {
      what: 'The app crm did not check itself within 295 seconds.',
      why: ['https://northwind-crm-0a1b2c3d.azurewebsites.net answered 503.'],
      tryThis: [
        'See why in its log: Log stream in the portal, or Application Insights.',
        'Then run the same command again: what is done is done again in little time.',
      ],
    },
  },
  'HYG-1130': {
    why: 'A right was just given and has not arrived yet, or one that is given by hand is missing.',
    example: {
      what: 'The app crm is deployed, and 1 of 14 checks that it made of itself needs attention.',
      why: ['crm.Account: store: it may not be written to'],
      tryThis: ['Give the right that is missing', 'Rights that were just given take some minutes to arrive: run the same command again.'],
    },
  },
  'HYG-1131': {
    why: 'The command ran in a script, or was meant for another target.',
    example: {
      what: 'destroy asks for the name of the target, and nobody is there to answer.',
      why: [],
      tryThis: [
        'Say it beforehand: hygge infra destroy --target prod --confirm prod',
        'See what would go: hygge infra destroy --target prod --dry-run',
      ],
    },
  },
  'HYG-1132': {
    why: 'The lake is in Azure China or Azure Government, or the account is called by a domain of its own.',
    example: {
      what: 'Flow `crm` needs a right on `lake.dfs.core.chinacloudapi.cn`, which is no account of public Azure.',
      why: ['The templates are for the public cloud, and its identities have no rights in another one.'],
      tryThis: [
        'Write the account as the public cloud has it: NAME.dfs.core.windows.net or NAME.blob.core.windows.net.',
        'Or sign in there by a secret of its own, such as a sas_token from a variable: that asks for no right of the app.',
      ],
    },
  },
  'HYG-1134': {
    why: 'A flow finds its entities by itself, and its target is to be deployed.',
    example: {
      what: "Which rights flow `shop` needs can't be computed: what is at the home is found when a run begins.",
      why: ['Rights are given on tables and folders by name, and no more of them than is needed.'],
      tryThis: [
        'Have a file written for each entity there is, and take the pattern out of the flow: hygge generate entities --flow shop',
        'Or give the rights on the whole schema or container by hand, and leave the flow to a workspace of its own: it can be pushed and packed',
      ],
    },
  },
  'HYG-1133': {
    why: 'The workspace has grown, and each flow has a role of its own in the template.',
    example: {
      what: 'The template has 150,120 bytes, and CloudFormation takes 51,200 unless they lie in a bucket.',
      why: ['It would be refused when it is deployed.'],
      tryThis: [
        'Name one that is there already, and that only those who deploy may write to: `template_bucket: …` under `aws` of infra/prod.yml',
      ],
    },
  },
} as const satisfies Explained<typeof infraConfigCodes>;
