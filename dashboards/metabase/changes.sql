-- Changes: one row is an event of CloudTrail that changed the organization, its policies or its administrators, or an attempt that AWS refused.
-- Made by `npm run generate` from dashboards/queries/changes.sql.
select *
from (
    select
        coalesce(changes.organization_id, 'not read') as organization_id,
        changes.source_name,
        changes.changed_at at time zone 'UTC' as changed_at,
        changes.category,
        changes.action,
        changes.service_id,
        coalesce(changes.service_name, changes.service_principal) as service_name,
        changes.principal,
        regexp_replace(changes.principal, '^.*[/:]', '') as principal_name,
        changes.session_name,
        changes.principal_account_id as account_id,
        changes.source_ip_address,
        changes.target_type,
        coalesce(changes.target_name, changes.target_id) as target,
        changes.policy_name,
        changes.before,
        changes.after,
        changes.is_significant,
        case
            when not changes.was_allowed then 'refused by AWS'
            when changes.is_approved then 'approved'
            when changes.is_significant then 'not approved'
            else 'needs no approval'
        end as approval,
        changes.approved_by,
        changes.error_code,
        changes.event_id,
        changes.risk
    from delegation.changes
) as changes
[[where organization_id = {{organization}}]]
