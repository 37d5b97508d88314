using 'apps.bicep'

param location = 'germanywestcentral'
param tags = {}
param memory = 2048
param maxInstances = 40
param alwaysReady = 0
param alert = []
