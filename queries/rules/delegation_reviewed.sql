-- id:          delegation_reviewed
-- title:       No approval of a delegation is overdue for review
-- severity:    low
-- frameworks:  aws_sra: delegated_administration
-- reads:       aws_organizations, aws_delegation_approvals, aws_delegation_settings
-- why:         Who needed a power two years ago may not need it today. A review that nobody does is how such powers stay.
-- decides:     Today, in UTC by the clock of the database, is not past the `review_by` of an approval; the day itself is in time.
--              One row for each approval of a delegation that has such a day, whether or not the delegation is there
--              (delegations_approved tells); those without one are counted in a row for the organization.
-- unknown:     The spec has no approvals, or the sync left them out.
-- remediation: Look at the delegation again. Where it is still needed, set a new `review_by` in the approvals; where it is not, take it and its approval away.
-- source:      https://docs.aws.amazon.com/prescriptive-guidance/latest/security-reference-architecture/security-tooling.html
with sources as materialized (
    select
        asked.*,
        coalesce(settings.has_approvals, false) as has_approvals
    from delegation.asked_organizations(array['aws_delegation_approvals', 'aws_delegation_settings']) as asked
    left join delegation.settings on settings.source_name = asked.source_name
),
-- One row per approval, however many delegations it covers.
approved as materialized (
    select
        sources.source_name,
        approvals.approved_service,
        approvals.approved_principal,
        approvals.approved_method,
        approvals.approved_region,
        coalesce(min(approvals.approved_by), 'somebody') as approved_by,
        coalesce(to_char(min(approvals.approved_on), 'YYYY-MM-DD'), 'an unknown day') as approved_on,
        min(approvals.review_by)::date as review_by,
        (now() at time zone 'UTC')::date as today
    from delegation.approvals
    join sources on sources.source_name = approvals.source_name
    where sources.can_judge
        and sources.has_approvals
        and approvals.has_approval
    group by sources.source_name, approvals.approved_service, approvals.approved_principal, approvals.approved_method, approvals.approved_region
),
of_approvals as (
    select
        approved.source_name,
        format('%s/%s/%s', approved.approved_service, approved.approved_principal, coalesce(approved.approved_method, 'any')) as resource_id,
        case when approved.approved_principal ~ '^[0-9]{12}$' then approved.approved_principal end as account_id,
        approved.approved_region as region,
        case when approved.today > approved.review_by then 'fail' else 'pass' end as status,
        format(
            '%s held by %s%s was approved by %s on %s, and %s',
            approved.approved_service,
            delegation.account_label(approved.approved_principal, accounts.account_name, accounts.ou_path),
            concat(
                case approved.approved_method when 'organizations' then ' through Organizations' when 'service' then ' by the service itself' when 'resource_policy' then ' by the delegation policy' end,
                ' in ' || approved.approved_region
            ),
            approved.approved_by,
            approved.approved_on,
            case
                when approved.today > approved.review_by then format('its review was due by %s; look at it again, and set a new `review_by` or take it away', to_char(approved.review_by, 'YYYY-MM-DD'))
                else format('its next review is due by %s', to_char(approved.review_by, 'YYYY-MM-DD'))
            end
        ) as reason
    from approved
    left join delegation.accounts
        on accounts.source_name = approved.source_name
        and accounts.account_id = approved.approved_principal
    where approved.review_by is not null
),
of_organizations as (
    select
        sources.source_name,
        case when sources.has_approvals then 'not_applicable' else 'unknown' end as status,
        case
            when not sources.has_approvals then 'the spec has no approvals; add `approvals: approvals.yml` to it, with who may hold what and a `review_by` for each, and sync again'
            when undated.approval_count = 0 then 'the approvals name no delegation'
            else format('%s without a `review_by`, so that nobody has to look at %s again', case undated.approval_count when 1 then '1 approval is' else undated.approval_count || ' approvals are' end, case undated.approval_count when 1 then 'it' else 'them' end)
        end as reason,
        case when not sources.has_approvals then 'not_configured' end as unknown_cause
    from sources
    cross join lateral (
        select
            count(approved.source_name) as all_count,
            count(approved.source_name) filter (where approved.review_by is null) as approval_count
        from approved
        where approved.source_name = sources.source_name
    ) as undated
    where sources.can_judge
        and (undated.approval_count > 0 or undated.all_count = 0)
)
select
    sources.organization_id,
    coalesce(of_approvals.account_id, sources.account_id) as account_id,
    of_approvals.region,
    of_approvals.resource_id,
    of_approvals.status,
    of_approvals.reason,
    null::text as unknown_cause
from of_approvals
join sources on sources.source_name = of_approvals.source_name
union all
select
    sources.organization_id,
    sources.account_id,
    null,
    sources.resource_id,
    coalesce(of_organizations.status, sources.status),
    coalesce(of_organizations.reason, sources.reason),
    coalesce(of_organizations.unknown_cause, sources.unknown_cause)
from sources
left join of_organizations on of_organizations.source_name = sources.source_name
where not sources.can_judge or of_organizations.source_name is not null
order by organization_id, resource_id, region;
