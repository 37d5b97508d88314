using 'data.bicep'

param location = 'westeurope'
param tags = {
  owner: 'data'
  cost: '4711'
}
param keepLogs = 90
param storageSku = 'Standard_ZRS'
