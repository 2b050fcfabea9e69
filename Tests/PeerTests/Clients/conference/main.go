// A conference application in Go, written against the documented wire alone: conference BASE-URL USER PASSWORD
//
// It waits for two callers, puts them into a bridge, plays to both and records them, and ends everything; it checks the order of events.
package main

import (
	"bufio"
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"
)

type object = map[string]any

type client struct {
	base           *url.URL
	user, password string
	reader         *bufio.Reader
	// Events that came while another one was waited for.
	waiting []object
	seen    []string
}

func fail(format string, arguments ...any) {
	fmt.Printf("FAILED "+format+"\n", arguments...)
	os.Exit(1)
}

// ask carries out an operation and returns the object of its answer.
func (c *client) ask(method, path string, query object) object {
	values := url.Values{}
	for name, value := range query {
		values.Set(name, fmt.Sprint(value))
	}
	request, err := http.NewRequest(method, c.base.String()+path+"?"+values.Encode(), nil)
	if err != nil {
		fail("%v", err)
	}
	request.SetBasicAuth(c.user, c.password)
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		fail("%s %s: %v", method, path, err)
	}
	defer answer.Body.Close()
	body, _ := io.ReadAll(answer.Body)
	if answer.StatusCode >= 300 {
		fail("%s %s: %d %s", method, path, answer.StatusCode, body)
	}
	result := object{}
	if strings.HasPrefix(answer.Header.Get("Content-Type"), "application/json") {
		if err := json.Unmarshal(body, &result); err != nil {
			fail("%s %s: %v", method, path, err)
		}
	} else {
		result["bytes"] = len(body)
	}
	return result
}

// listen opens the WebSocket of an application (RFC 6455).
func (c *client) listen(app string) {
	connection, err := net.Dial("tcp", c.base.Host)
	if err != nil {
		fail("%v", err)
	}
	key := make([]byte, 16)
	rand.Read(key)
	credentials := base64.StdEncoding.EncodeToString([]byte(c.user + ":" + c.password))
	fmt.Fprintf(connection, "GET %s/events?app=%s HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"+
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: %s\r\nAuthorization: Basic %s\r\n\r\n",
		c.base.Path, app, c.base.Host, base64.StdEncoding.EncodeToString(key), credentials)
	c.reader = bufio.NewReader(connection)
	answer, err := http.ReadResponse(c.reader, nil)
	if err != nil || answer.StatusCode != 101 {
		fail("the WebSocket: %v %v", answer, err)
	}
}

// message returns the next text message.
func (c *client) message() []byte {
	for {
		head := make([]byte, 2)
		if _, err := io.ReadFull(c.reader, head); err != nil {
			fail("the WebSocket ended: %v", err)
		}
		length := uint64(head[1] & 0x7f)
		switch length {
		case 126:
			var short uint16
			binary.Read(c.reader, binary.BigEndian, &short)
			length = uint64(short)
		case 127:
			binary.Read(c.reader, binary.BigEndian, &length)
		}
		payload := make([]byte, length)
		if _, err := io.ReadFull(c.reader, payload); err != nil {
			fail("the WebSocket ended: %v", err)
		}
		if head[0]&0x0f == 1 {
			return payload
		}
	}
}

// event returns the next event of a type; those of other types are kept.
func (c *client) event(wanted string) object {
	for index, event := range c.waiting {
		if event["type"] == wanted {
			c.waiting = append(c.waiting[:index], c.waiting[index+1:]...)
			return event
		}
	}
	for {
		event := object{}
		if err := json.Unmarshal(c.message(), &event); err != nil {
			fail("%v", err)
		}
		kind := event["type"].(string)
		c.seen = append(c.seen, kind)
		if kind == wanted {
			return event
		}
		c.waiting = append(c.waiting, event)
	}
}

func id(value any) string { return value.(object)["id"].(string) }

func main() {
	base, err := url.Parse(os.Args[1])
	if err != nil {
		fail("%v", err)
	}
	time.AfterFunc(60*time.Second, func() { fail("it takes too long") })
	c := &client{base: base, user: os.Args[2], password: os.Args[3]}
	c.listen("conference")
	fmt.Println("connected")

	bridge := c.ask("POST", "/bridges", object{"type": "mixing", "name": "conference"})
	callers := []string{}
	for len(callers) < 2 {
		caller := id(c.event("StasisStart")["channel"])
		c.ask("POST", "/channels/"+caller+"/answer", nil)
		c.ask("POST", "/bridges/"+id(any(bridge))+"/addChannel", object{"channel": caller})
		if entered := c.event("ChannelEnteredBridge"); id(entered["channel"]) != caller {
			fail("%v entered instead of %s", entered, caller)
		}
		callers = append(callers, caller)
	}
	inside := c.ask("GET", "/bridges/"+id(any(bridge)), nil)["channels"].([]any)
	if len(inside) != 2 {
		fail("%v are inside", inside)
	}
	recording := c.ask("POST", "/bridges/"+id(any(bridge))+"/record", object{"name": "conference", "format": "wav"})
	if recording["state"] != "queued" && recording["state"] != "recording" {
		fail("%v", recording)
	}
	c.event("RecordingStarted")
	c.ask("POST", "/bridges/"+id(any(bridge))+"/play", object{"media": "sound:hello-world"})
	c.event("PlaybackStarted")
	if finished := c.event("PlaybackFinished")["playback"].(object); finished["state"] != "done" {
		fail("%v", finished)
	}
	c.ask("POST", "/recordings/live/conference/stop", nil)
	finished := c.event("RecordingFinished")["recording"].(object)
	if finished["state"] != "done" || finished["duration"].(float64) < 1 {
		fail("%v", finished)
	}
	if size := c.ask("GET", "/recordings/stored/conference/file", nil)["bytes"].(int); size < 16044 {
		fail("the recording has %d bytes", size)
	}
	for _, caller := range callers {
		c.ask("DELETE", "/channels/"+caller, nil)
		if ended := c.event("StasisEnd"); id(ended["channel"]) != caller {
			fail("%v", ended)
		}
	}
	c.ask("DELETE", "/bridges/"+id(any(bridge)), nil)
	fmt.Println(strings.Join(c.seen, " "))
}
