using 'data.bicep'

param location = 'germanywestcentral'
param tags = {}
param keepLogs = 90
param storageSku = 'Standard_ZRS'
