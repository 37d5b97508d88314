using 'apps.bicep'

param location = 'westeurope'
param tags = {
  owner: 'data'
  cost: '4711'
}
param memory = 4096
param maxInstances = 40
param alwaysReady = 1
param alert = [
  'data@example.com'
]
