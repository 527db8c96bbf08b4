create or replace view delegation.owner_accounts as
with tested as (
    select
        owner._cq_source_name as source_name,
        owner.owner,
        accounts.account_id,
        accounts.account_name,
        accounts.ou_path,
        accounts.account_state,
        case owner.selector_type
            when 'account' then accounts.account_id = owner.selector
            when 'name' then accounts.account_name = owner.selector
            when 'ou' then delegation.is_below(owner.selector, accounts.ou_path, accounts.id_path)
            -- A key may itself contain the sign, so each way to cut the selector counts.
            when 'tag' then case when accounts.tags is not null then exists (
                select
                from jsonb_each_text(accounts.tags) as tag
                where tag.key || '=' || tag.value = owner.selector
            ) end
        end as is_match
    from delegation.current_aws_delegation_owners as owner
    join delegation.accounts on accounts.source_name = owner._cq_source_name
)
select
    tested.source_name,
    tested.owner,
    tested.account_id,
    tested.account_name,
    tested.ou_path,
    tested.account_state,
    case when bool_or(tested.is_match) then true end as is_match
from tested
where tested.is_match is distinct from false
group by tested.source_name, tested.owner, tested.account_id, tested.account_name, tested.ou_path, tested.account_state;
comment on view delegation.owner_accounts is 'Accounts that an owner of the spec matches, and accounts of which that cannot be said.';
comment on column delegation.owner_accounts.source_name is 'Name of the source in its spec.';
comment on column delegation.owner_accounts.owner is 'Name of the owner.';
comment on column delegation.owner_accounts.account_id is 'Account ID.';
comment on column delegation.owner_accounts.account_name is 'Name of the account.';
comment on column delegation.owner_accounts.ou_path is 'Path by names.';
comment on column delegation.owner_accounts.account_state is 'State of the account.';
comment on column delegation.owner_accounts.is_match is 'True, or null where tags or place of the account were not read.';

create or replace view delegation.owners as
with named as (
    select
        owner._cq_source_name as source_name,
        owner.owner,
        string_agg(owner.selector_type || ' ' || owner.selector, ', ' order by owner.selector_type collate "C", owner.selector collate "C") as selectors
    from delegation.current_aws_delegation_owners as owner
    group by owner._cq_source_name, owner.owner
)
select
    named.source_name,
    named.owner,
    named.selectors,
    matched.account_id,
    matched.account_name,
    matched.ou_path,
    matched.account_state,
    count(matched.account_id) over (partition by named.source_name, named.owner) as account_count
from named
left join delegation.owner_accounts as matched
    on matched.source_name = named.source_name
    and matched.owner = named.owner
    and matched.is_match;
comment on view delegation.owners is 'Who is who: one row per owner of the spec and account that it matches; one row with 0 accounts for an owner that matches none.';
comment on column delegation.owners.source_name is 'Name of the source in its spec.';
comment on column delegation.owners.owner is 'Name of the owner.';
comment on column delegation.owners.selectors is 'How the spec selects its accounts.';
comment on column delegation.owners.account_id is 'Account ID; null where no account matches.';
comment on column delegation.owners.account_name is 'Name of the account.';
comment on column delegation.owners.ou_path is 'Path by names.';
comment on column delegation.owners.account_state is 'State of the account.';
comment on column delegation.owners.account_count is 'Number of accounts that the owner matches.';
