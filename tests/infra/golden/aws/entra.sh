#!/usr/bin/env bash
# Registrations in Entra ID that tokens for AWS are made for. They have no secret and no right. With 'undo' as its argument they are removed.
set -euo pipefail

register() { # audience
  id=$(az ad app list --identifier-uri "$1" --query '[0].appId' --output tsv)
  if [ "${undo:-}" = undo ]; then
    if [ -n "$id" ]; then az ad app delete --id "$id"; fi
  elif [ -z "$id" ]; then
    id=$(az ad app create --display-name "hygge: $1" --identifier-uris "$1" --query appId --output tsv)
    az ad sp create --id "$id" --output none
  fi
}

undo=${1:-}
register 'api://hygge-aws'
