-- Known wrong answer: a suspended account still counts as holder.
select fixture.organization();
select fixture.account('222222222222', 'Suspended', '/', 'SUSPENDED');
select fixture.account('333333333333', 'Closed', '/', 'CLOSED');
select fixture.account('444444444444', 'Closing', '/', 'PENDING_CLOSURE');
select fixture.account('555555555555', 'Opening', '/', 'PENDING_ACTIVATION');
select fixture.account('666666666666', 'New State', '/', 'HIBERNATED');
select fixture.account('777777777777', 'No State');
update aws_organizations_accounts set state = null, status = null, ou_path = null, name = null where id = '777777777777';
select fixture.delegated(account_id, 'config.amazonaws.com')
from unnest(array['222222222222', '333333333333', '444444444444', '555555555555', '666666666666', '777777777777']) as account_id;
