#!/usr/bin/env bash
# Roles in workspaces of Microsoft Fabric. With 'undo' as its argument they are removed.
set -euo pipefail
fabric=https://api.fabric.microsoft.com

call() { az rest --resource "$fabric" "$@"; }

grant() { # workspace, identity, role
  quoted=${1//\'/\\\'}
  workspace=$(call --url "$fabric/v1/workspaces" --query "value[?id=='$quoted' || displayName=='$quoted'].id | [0]" --output tsv)
  if [ -z "$workspace" ]; then echo "There is no workspace $1, or no one who is signed in may see it." >&2; exit 1; fi
  principal=$(az identity show --subscription '11111111-1111-1111-1111-111111111111' --resource-group 'northwind-prod' --name "$2" --query principalId --output tsv)
  roles=$fabric/v1/workspaces/$workspace/roleAssignments
  held=$(call --url "$roles" --query "value[?principal.id=='$principal'].role | [0]" --output tsv)
  if [ "${undo:-}" = undo ]; then
    if [ -n "$held" ]; then call --method delete --url "$roles/$principal"; fi
  elif [ -z "$held" ]; then
    call --method post --url "$roles" \
      --body "{\"principal\": {\"id\": \"$principal\", \"type\": \"ServicePrincipal\"}, \"role\": \"$3\"}"
  elif [ "$held" != "$3" ]; then
    call --method patch --url "$roles/$principal" --body "{\"role\": \"$3\"}"
  fi
}

undo=${1:-}
grant 'Northwind' 'id-northwind-fabric-5av4uv4t' Contributor
