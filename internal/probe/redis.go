package probe

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gomodule/redigo/redis"

	"github.com/loadgate/loadgate/internal/config"
)

func openRedis(p config.Probe, w *World) (Probe, error) {
	server, err := shared(w, &w.servers, p.URL, func() (*redisServer, error) { return parseRedis(p.URL, w) })
	if err == nil {
		err = w.allowed(server.network, server.place)
	}
	if err != nil {
		return Probe{}, err
	}
	names, ok := map[string][]string{
		"hit_rate": {"keyspace_hits", "keyspace_misses"}, "memory": {"used_memory"},
		"clients": {"connected_clients"}, "evictions": {"evicted_keys"},
	}[p.Read]
	if !ok {
		return Probe{}, unknownReading(p)
	}
	var seen counter
	read := func(ctx context.Context) (Value, error) {
		info, err := server.info(ctx, p.Every)
		if err != nil {
			return Value{}, err
		}
		numbers, err := info.numbers(names)
		if err != nil {
			return Value{}, err
		}
		switch p.Read {
		case "hit_rate":
			return seen.share(time.Now(), numbers[0], numbers[0]+numbers[1])
		case "evictions":
			return seen.total(numbers[0])
		}
		return Value{Number: numbers[0]}, nil
	}
	return Probe{Read: read, Close: server.close}, nil
}

// redisServer is one connection, made anew after an error, and what it last
// answered. It may be asked by several at once.
type redisServer struct {
	mu             sync.Mutex
	world          *World
	network, place string
	options        []redis.DialOption
	conn           redis.Conn
	last           redisInfo
	at             time.Time
}

// parseRedis reads redis://[user:password@]host[:port][/db], rediss:// for TLS,
// and unix:///run/redis.sock. Its errors show nothing of the text.
func parseRedis(text string, w *World) (*redisServer, error) {
	bad := errors.New(
		"url is not that of a Redis; write redis://host:6379, rediss:// for TLS, or unix:///run/redis.sock")
	u, err := url.Parse(text)
	if err != nil {
		return nil, bad
	}
	s := &redisServer{world: w, network: "tcp"}
	switch {
	case u.Scheme == "unix" && u.Path != "":
		s.network, s.place = "unix", u.Path
	case (u.Scheme == "redis" || u.Scheme == "rediss") && u.Hostname() != "":
		s.place = net.JoinHostPort(u.Hostname(), cmp.Or(u.Port(), "6379"))
	default:
		return nil, bad
	}
	if u.Scheme == "rediss" {
		s.options = append(s.options, redis.DialUseTLS(true),
			redis.DialTLSConfig(&tls.Config{MinVersion: tls.VersionTLS12, ServerName: u.Hostname()}))
	}
	if password, ok := u.User.Password(); ok {
		s.options = append(s.options, redis.DialPassword(password))
		if u.User.Username() != "" {
			s.options = append(s.options, redis.DialUsername(u.User.Username()))
		}
	}
	if db := strings.Trim(u.Path, "/"); s.network == "tcp" && db != "" {
		n, err := strconv.Atoi(db)
		if err != nil {
			return nil, bad
		}
		s.options = append(s.options, redis.DialDatabase(n))
	}
	return s, nil
}

func (s *redisServer) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.drop()
}

func (s *redisServer) drop() {
	if s.conn != nil {
		_ = s.conn.Close() // there is nothing to lose
		s.conn = nil
	}
}

// info asks once for all gauges, on a new connection where the last one is
// broken.
func (s *redisServer) info(ctx context.Context, every time.Duration) (redisInfo, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.last != nil && time.Since(s.at) < every/2 {
		return s.last, nil
	}
	s.last = nil
	if s.conn == nil {
		options := append([]redis.DialOption{redis.DialContextFunc(s.world.dial)}, s.options...)
		conn, err := redis.DialContext(ctx, s.network, s.place, options...)
		if err != nil {
			return nil, fmt.Errorf("connect to Redis: %w", err)
		}
		s.conn = conn
	}
	text, err := redis.String(redis.DoContext(s.conn, ctx, "INFO"))
	if err != nil {
		s.drop()
		return nil, fmt.Errorf("ask Redis: %w", err)
	}
	info := redisInfo{}
	for line := range strings.Lines(text) {
		if key, value, ok := strings.Cut(strings.TrimSpace(line), ":"); ok {
			info[key] = value
		}
	}
	s.last, s.at = info, time.Now()
	return info, nil
}

type redisInfo map[string]string

func (i redisInfo) numbers(keys []string) ([]float64, error) {
	var numbers []float64
	for _, key := range keys {
		n, err := strconv.ParseFloat(i[key], 64)
		if err != nil {
			return nil, fmt.Errorf("its INFO has no number %s%s", key, near(key, slices.Collect(maps.Keys(i))))
		}
		numbers = append(numbers, n)
	}
	return numbers, nil
}
