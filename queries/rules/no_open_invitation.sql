-- id:          no_open_invitation
-- title:       No invitation to the organization is open longer than three days
-- severity:    low
-- frameworks:  none
-- reads:       aws_organizations, aws_organizations_handshakes
-- why:         Whoever can sign in to the invited account can bring it into the organization until the invitation lapses, with
--              whatever it has in it. One that nobody answers is forgotten, or was sent to the wrong account.
-- decides:     Each handshake with Action INVITE that is not CANCELED, ACCEPTED, DECLINED or EXPIRED was requested at most three days
--              before the sync. A request for all features is the matter of org_all_features_enabled.
-- unknown:     organizations:ListHandshakesForOrganization was not answered, or does not say since when an invitation is open.
-- remediation: Let the invited account accept, or in the management account run `aws organizations cancel-handshake --handshake-id ID` with the ID in the finding.
-- source:      https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_accounts_invites.html
with asked as (
    select asked_organizations.*
    from delegation.asked_organizations(array['aws_organizations'])
),
invited as (
    select
        handshake._cq_source_name as source_name,
        handshake.id,
        string_agg(party.value ->> 'Id', ' and ' order by party.value ->> 'Id' collate "C") as names
    from delegation.current_aws_organizations_handshakes as handshake
    cross join lateral jsonb_array_elements(case when jsonb_typeof(handshake.parties) = 'array' then handshake.parties end) as party (value)
    where party.value ->> 'Type' is distinct from 'ORGANIZATION'
    group by handshake._cq_source_name, handshake.id
),
invitations as (
    select
        asked.source_name,
        handshake.id,
        case
            when handshake.requested_timestamp is null then 'unknown'
            when handshake.requested_timestamp < asked.sync_time - interval '3 days' then 'fail'
            else 'pass'
        end as status,
        concat(
            format('invitation %s', handshake.id),
            ' of ' || invited.names,
            format(' is %s', coalesce(handshake.state, 'in no known state')),
            ' since ' || to_char(handshake.requested_timestamp, 'YYYY-MM-DD HH24:MI'),
            format(', and expires %s', coalesce('on ' || to_char(handshake.expiration_timestamp, 'YYYY-MM-DD'), 'at an unknown date'))
        ) as told
    from asked
    join delegation.current_aws_organizations_handshakes as handshake on handshake._cq_source_name = asked.source_name
    left join invited on invited.source_name = handshake._cq_source_name and invited.id = handshake.id
    where asked.can_judge
        and handshake.action = 'INVITE'
        -- A state that AWS adds one day must not hide an invitation.
        and coalesce(handshake.state, '') not in ('CANCELED', 'ACCEPTED', 'DECLINED', 'EXPIRED')
),
of_organizations as (
    -- What was found stands by itself; this row is for what was not.
    select
        asked.source_name,
        asked.resource_id,
        case
            when not asked.can_judge then asked.status
            when not coalesce(handshake_reads.was_read, false) then 'unknown'
            else 'pass'
        end as status,
        case
            when not asked.can_judge then asked.reason
            when not coalesce(handshake_reads.was_read, false) then format('not all invitations to %s are known: %s', asked.organization_id, coalesce(handshake_reads.read_error, 'aws_organizations_handshakes was not read'))
            else format('no invitation to %s is open', asked.organization_id)
        end as reason,
        case
            when not asked.can_judge then asked.unknown_cause
            when not coalesce(handshake_reads.was_read, false) then coalesce(handshake_reads.unknown_cause, 'unread')
        end as unknown_cause
    from asked
    left join delegation.table_reads as handshake_reads
        on handshake_reads.source_name = asked.source_name
        and handshake_reads.table_name = 'aws_organizations_handshakes'
    where not asked.can_judge
        or not coalesce(handshake_reads.was_read, false)
        or not exists (select from invitations where invitations.source_name = asked.source_name)
),
judged as (
    select of_organizations.source_name, of_organizations.resource_id, of_organizations.status, of_organizations.reason, of_organizations.unknown_cause
    from of_organizations
    union all
    select
        invitations.source_name,
        invitations.id,
        invitations.status,
        case invitations.status
            when 'fail' then format('%s: longer than three days; let it be accepted, or cancel it', invitations.told)
            when 'unknown' then format('%s, and since when is not known; sync again, or cancel it', invitations.told)
            else format('%s: not longer than three days', invitations.told)
        end,
        case invitations.status when 'unknown' then 'unread' end
    from invitations
)
select
    asked.organization_id,
    asked.account_id,
    null::text as region,
    judged.resource_id,
    judged.status,
    judged.reason,
    judged.unknown_cause
from judged
join asked on asked.source_name is not distinct from judged.source_name
order by organization_id, resource_id;
