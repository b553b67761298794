package harm

import (
	"slices"

	"github.com/loadgate/loadgate/internal/scaffold/naming"
)

// IsQuantity says whether a name is one of how many, how much, when or where, which no value
// makes a reference.
func IsQuantity(name string) bool {
	words := naming.Words(name)
	if len(words) == 0 {
		return false
	}
	if at := slices.IndexFunc(words, betweenWords.MatchString); at > 0 && at+1 < len(words) {
		if words = words[:at]; words[at-1] == "number" || countingWords.MatchString(words[at-1]) {
			return true
		} // and a price_per_item is a price
	}
	first, last := words[0], naming.Singular(words[len(words)-1])
	return quantities.MatchString(last) || len(words) > 1 && countingWords.MatchString(first)
}

var (
	// countingWords make a quantity or a choice of the words behind them: total_users, is_member.
	countingWords = naming.OneOf(`num`, `nb`, `min`, `max`, `total`, `sum`, `avg`, `average`, `mean`, `count`, `per`,
		`is`, `has`, `can`, `allow`, `enable`, `with`, `include`, `show`, `minimum`, `maximum`)
	// betweenWords stand between a quantity and what it is of.
	betweenWords = naming.OneOf(`per`, `by`, `of`, `in`, `for`)
	// quantities are names of what is counted or measured, in the singular.
	quantities = naming.OneOf(
		`count`, `amount`, `quantity`, `qty`, `page`, `limit`, `offset`, `score`, `price`, `age`, `rating`, `total`,
		`subtotal`, `sum`, `size`, `length`, `width`, `height`, `depth`, `weight`, `volume`, `area`, `distance`,
		`duration`, `cost`, `fee`, `tax`, `vat`, `discount`, `tip`, `balance`, `budget`, `salary`, `wage`, `income`,
		`revenue`, `cent`, `percent`, `percentage`, `rate`, `ratio`, `share`, `level`, `rank`, `priority`,
		`position`, `index`, `idx`, `stock`, `capacity`, `speed`, `temperature`, `humidity`, `pressure`, `voltage`,
		`power`, `latitude`, `longitude`, `lat`, `lng`, `lon`, `altitude`, `elevation`, `radius`, `angle`, `zoom`,
		`year`, `month`, `week`, `day`, `hour`, `minute`, `second`, `millisecond`, `ms`, `sec`, `time`, `timestamp`,
		`date`, `timeout`, `delay`, `interval`, `ttl`, `period`, `deadline`, `version`, `revision`, `zip`,
		`zipcode`, `postcode`, `plz`, `port`, `star`, `step`, `retry`, `attempt`, `calorie`, `mileage`, `threshold`,
		`seed`, `anzahl`, `menge`, `preis`, `betrag`, `alter`, `cantidad`, `precio`, `nombre`, `prix`,
	)
	// attributes are names of what a thing is like, in the singular: they refer to nothing where
	// no path has them and no answer had their value.
	attributes = naming.OneOf(
		`name`, `title`, `text`, `body`, `content`, `description`, `summary`, `subject`, `caption`, `headline`,
		`heading`, `label`, `theme`, `why`, `reason`, `cause`, `value`, `val`, `data`, `action`, `type`, `kind`,
		`mode`, `status`, `state`, `stage`, `phase`, `format`, `color`, `colour`, `style`, `shape`, `language`,
		`lang`, `locale`, `currency`, `timezone`, `gender`, `number`, `no`, `nr`, `num`, `code`, `phone`, `mobile`,
		`tel`, `fax`, `email`, `mail`, `address`, `street`, `house`, `city`, `town`, `country`, `birthday`, `dob`,
		`note`, `remark`, `comment`, `message`, `feedback`, `answer`, `opinion`, `mood`, `difficulty`, `severity`,
		`importance`, `urgency`, `grade`, `mark`, `point`, `credit`, `vote`, `goal`, `floor`, `storey`, `lap`,
		`rep`, `set`, `row`, `column`, `col`, `line`, `start`, `end`, `begin`, `from`, `until`, `since`, `stop`,
		`first`, `last`, `low`, `high`, `left`, `right`, `top`, `bottom`, `scale`, `margin`, `frequency`, `bpm`,
		`pulse`, `rpm`, `watt`, `kilometer`, `meter`, `metre`, `mile`, `gram`, `liter`, `litre`, `dose`, `dosage`,
		`strength`, `intensity`, `brightness`, `contrast`, `opacity`, `hue`, `saturation`, `gain`, `bit`, `byte`,
		`checksum`, `flag`, `bitmask`, `mask`, `option`, `choice`, `setting`, `agree`, `accept`, `remember`,
		`active`, `enabled`, `public`, `private`, `visible`, `gift`, `season`, `semester`, `quarter`, `term`,
		`installment`, `bid`, `offer`, `pin`, `otp`, `captcha`, `fps`, `width`, `resolution`, `experience`, `guess`,
		`result`, `input`, `output`, `sort`, `skip`, `take`, `query`, `search`, `filter`, `bar`, `foo`, `baz`,
		`test`, `limit`, `protein`, `fat`, `carb`, `sugar`, `sleep`, `pain`, `horsepower`, `cylinder`,
		`displacement`, `precision`, `built`, `feet`, `foot`, `inch`, `sqft`, `km`, `kg`, `lb`, `cm`, `mm`, `px`,
		`pt`, `dpi`, `axis`, `edition`, `episode`, `chapter`, `verse`, `risk`, `health`, `damage`, `xp`, `hp`,
		`coin`, `deposit`, `cash`, `money`, `profit`, `loss`, `gross`, `net`, `base`, `exponent`, `factor`,
		`coefficient`, `multiplier`, `divisor`, `numerator`, `denominator`, `operand`, `accuracy`, `delta`,
		`variance`, `median`, `epoch`, `layer`, `iteration`, `cycle`, `turn`, `elo`, `handicap`, `yard`, `carat`,
		`cpu`, `ram`, `memory`, `gpu`, `storage`, `bandwidth`, `throughput`, `latency`, `concurrency`,
		`parallelism`, `replica`, `depth`, `radix`, `fraction`, `slider`, `wind`, `noise`, `gravity`, `tempo`,
		`pitch`, `octave`, `entry`, `extra`, `bonus`, `reward`, `penalty`, `tolerance`, `quality`, `density`,
		`estimate`, `battery`, `effort`, `progress`, `confidence`, `probability`, `likelihood`, `sensitivity`,
		`load`, `usage`, `consumption`, `yield`, `fuel`, `range`, `odometer`, `reading`, `measurement`, `sample`,
		`signal`, `rssi`, `snr`, `ph`, `co`, `lux`, `uv`, `rainfall`, `snow`, `visibility`, `dew`, `bearing`,
		`azimuth`, `roll`, `yaw`, `tilt`, `acceleration`, `velocity`, `torque`, `force`, `energy`, `kwh`, `current`,
		`resistance`, `wavelength`, `bmi`, `glucose`, `insulin`, `systolic`, `diastolic`, `heartrate`, `oxygen`,
		`satisfaction`, `nps`, `happiness`, `stress`, `hunger`, `motivation`, `focus`, `usability`, `overall`,
		`bathroom`, `bedroom`, `parking`, `garage`, `rent`, `mortgage`, `apr`, `interest`, `principal`, `premium`,
		`deductible`, `coverage`, `commission`, `royalty`, `dividend`, `stake`, `odds`, `payout`, `jackpot`, `ante`,
		`wager`, `spend`, `saving`, `debt`, `quota`, `allowance`, `overtime`, `absence`, `vacation`, `tenure`,
		`headcount`, `turnover`, `growth`, `inflation`, `population`, `birth`, `death`, `sunrise`, `sunset`, `moon`,
		`tide`, `wave`, `crop`, `harvest`, `acre`, `hectare`, `psi`, `decibel`, `db`, `hz`, `khz`, `mhz`, `mph`,
		`kph`, `knot`, `celsius`, `fahrenheit`, `kelvin`, `ppm`, `ppb`, `calcium`, `sodium`, `iron`, `fiber`,
		`vitamin`, `caffeine`, `alcohol`, `abv`, `ibu`, `serving`, `portion`, `cup`, `spoon`, `prep`, `cook`,
		`estimated`, `expected`, `actual`, `planned`, `remaining`, `elapsed`, `used`, `free`, `available`, `hired`,
		`founded`, `published`, `released`,
	)
	// contentNames are words for what is written, where a path has them, too.
	contentNames = naming.OneOf(`review`, `tag`, `question`, `reply`, `keyword`, `detail`, `news`, `log`, `error`,
		`event`, `metric`, `analytic`, `stat`, `report`, `link`, `url`, `image`, `file`, `document`, `form`)
	// namedThings are those of the things below that a text in one word finds, too: a text for a
	// location or a device says what it is like.
	namedThings = naming.OneOf(`post`, `request`, `item`, `order`, `product`, `article`, `thread`, `conversation`,
		`chat`, `channel`, `group`, `team`, `project`, `task`, `ticket`, `issue`, `case`, `claim`, `invoice`, `bill`,
		`payment`, `transaction`, `subscription`, `cart`, `basket`, `booking`, `reservation`, `appointment`, `room`,
		`course`, `lesson`, `student`, `teacher`, `tutor`, `patient`, `doctor`, `driver`, `playlist`, `repo`,
		`repository`, `tenant`, `workspace`, `candidate`, `applicant`, `contract`, `campaign`, `poll`, `survey`,
		`person`, `seller`, `buyer`, `merchant`, `vendor`, `supplier`)
	// personNames are words for people and their accounts, in the singular.
	personNames = naming.OneOf(`user`, `username`, `member`, `friend`, `follower`, `followee`, `owner`, `author`,
		`assignee`, `reviewer`, `approver`, `account`, `customer`, `employee`, `manager`, `player`, `opponent`,
		`recipient`, `receiver`, `participant`, `attendee`, `whom`, `nutzer`, `benutzer`, `kunde`, `mitglied`,
		`utilisateur`, `usuario`)
	// things are words for what others have made or have, in the singular, which a number or a
	// code finds.
	things = naming.OneOf(
		`post`, `request`, `item`, `order`, `product`, `article`, `comment`, `message`, `thread`, `topic`,
		`conversation`, `chat`, `channel`, `group`, `team`, `project`, `task`, `ticket`, `issue`, `case`, `claim`,
		`invoice`, `bill`, `payment`, `transaction`, `transfer`, `refund`, `subscription`, `cart`, `basket`,
		`wishlist`, `coupon`, `voucher`, `booking`, `reservation`, `appointment`, `room`, `seat`, `table`, `event`,
		`course`, `lesson`, `class`, `exam`, `quiz`, `question`, `student`, `teacher`, `tutor`, `patient`, `doctor`,
		`driver`, `ride`, `trip`, `flight`, `hotel`, `restaurant`, `menu`, `meal`, `recipe`, `book`, `movie`,
		`film`, `song`, `track`, `album`, `artist`, `playlist`, `video`, `photo`, `picture`, `image`, `file`,
		`folder`, `document`, `doc`, `media`, `asset`, `attachment`, `device`, `sensor`, `machine`, `server`,
		`host`, `cluster`, `node`, `job`, `pipeline`, `deployment`, `environment`, `repo`, `repository`, `branch`,
		`release`, `build`, `package`, `shipment`, `parcel`, `delivery`, `store`, `shop`, `warehouse`, `supplier`,
		`vendor`, `merchant`, `seller`, `buyer`, `company`, `organization`, `organisation`, `org`, `tenant`,
		`workspace`, `department`, `role`, `permission`, `category`, `candidate`, `applicant`, `application`,
		`contract`, `contact`, `lead`, `deal`, `campaign`, `newsletter`, `survey`, `poll`, `vehicle`, `car`, `bike`,
		`pet`, `animal`, `game`, `match`, `tournament`, `round`, `character`, `avatar`, `target`, `parent`, `child`,
		`sender`, `creator`, `person`, `client`, `customer`, `user`, `member`, `account`, `record`, `entity`,
		`object`, `resource`, `review`, `listing`, `ad`, `property`, `house`, `apartment`, `location`, `place`,
		`venue`, `station`, `plan`, `proposal`, `quote`,
	)
)

// codeNames are names of a code that finds a thing, or that a thing is made with.
var codeNames = naming.OneOf(`sku`, `isbn`, `issn`, `ean`, `upc`, `gtin`, `asin`, `barcode`, `serial`, `vin`, `imei`,
	`iccid`, `code`, `part_?number`, `item_?number`, `article_?number`, `serial_?number`)

// describingNames are names of what a thing that is made looks like; a number of pieces, a reason or a
// note may as well be said of one that is there.
var describingNames = naming.OneOf(`name`, `title`, `description`, `caption`, `headline`, `label`, `color`, `colour`,
	`style`, `shape`, `brand`, `manufacturer`, `author`, `first_name`, `display_name`)
