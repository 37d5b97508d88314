using 'network.bicep'

param location = 'germanywestcentral'
param tags = {}
param addressSpace = '10.20.0.0/24'
